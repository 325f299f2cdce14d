import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given
from hypothesis import settings as within
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.breached import is_listed

LEAKED = [f"nutekėjęs-slaptažodis-{i}" for i in range(500)]


def _write(folder: Path, passwords: list[str], end: str = ":17\r\n") -> Path:
    digests = sorted(
        hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest().upper() for one in passwords
    )
    path = folder / "leaked.txt"
    path.write_text("".join(f"{digest}{end}" for digest in digests), newline="")
    return path


@pytest.mark.parametrize("end", ["\n", ":17\r\n"])
def test_every_listed_password_is_found_and_no_other(tmp_path: Path, end: str) -> None:
    path = _write(tmp_path, LEAKED, end)
    assert all(is_listed(path, password) for password in LEAKED)
    assert not any(is_listed(path, f"{password}!") for password in LEAKED)


_FEW = st.integers(0, 40).map(str)


@within(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(passwords=st.sets(_FEW, max_size=20), other=_FEW)
def test_a_list_of_any_length_is_searched_rightly(
    tmp_path_factory: pytest.TempPathFactory, passwords: set[str], other: str
) -> None:
    path = _write(tmp_path_factory.mktemp("leaked"), list(passwords))
    assert all(is_listed(path, password) for password in passwords)
    assert is_listed(path, other) is (other in passwords)


def test_a_leaked_password_is_refused_only_when_there_is_a_list(
    settings: Settings, tmp_path: Path
) -> None:
    validate_password(LEAKED[0])
    settings.BREACHED_PASSWORDS = str(_write(tmp_path, LEAKED))
    with pytest.raises(ValidationError) as refusal:
        validate_password(LEAKED[0])
    assert refusal.value.error_list[0].code == "password_breached"
    validate_password("Niekur-nenutekėjęs-9")
