"""The house does not start with a setting missing or senseless."""

import os
import subprocess
import sys

import pytest

GIVEN = {
    "PATH": os.environ["PATH"],
    "EMBEDDED": "false",
    "DATABASE_URL": "postgres://imas:x@127.0.0.1:1/imas",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "s" * 60,
    "PERSONAL_DATA_KEYS": "k" * 40,
    "PERSONAL_LOOKUP_KEY": "l" * 40,
}
READ = "import imas.settings as s; print(s.SECRET_KEY[:3], s.SECURE_HSTS_SECONDS, s.DEBUG)"


def _read(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", READ]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "name",
    ["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PERSONAL_DATA_KEYS", "PERSONAL_LOOKUP_KEY"],
)
def test_nothing_starts_without(name: str) -> None:
    outcome = _read({key: value for key, value in GIVEN.items() if key != name})
    assert outcome.returncode == 1
    assert f"Set {name} or {name}_FILE." in outcome.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "PERSONAL_DATA_KEYS", "PERSONAL_LOOKUP_KEY"])
def test_an_empty_secret_is_no_secret(name: str) -> None:
    assert "none is empty" in _read({**GIVEN, name: ""}).stderr


def test_a_number_must_be_a_number() -> None:
    assert "SESSION_SECONDS" in _read({**GIVEN, "SESSION_SECONDS": "8 h"}).stderr


def test_a_day_must_be_a_day() -> None:
    told = _read({**GIVEN, "EWAYBILL_CONSENT_FROM": "2026 spring"}).stderr
    assert "EWAYBILL_CONSENT_FROM must be a day" in told


def test_a_secret_may_come_from_a_file(tmp_path: object) -> None:
    path = f"{tmp_path}/key"
    with open(path, "w") as file:  # noqa: PTH123 - one line either way
        file.write("file" * 20 + "\n")
    given = {key: value for key, value in GIVEN.items() if key != "SECRET_KEY"}
    assert _read({**given, "SECRET_KEY_FILE": path}).stdout.split()[0] == "fil"


def test_https_switches_transport_security_on_and_debug_is_never_on() -> None:
    plain, secure = _read(GIVEN), _read({**GIVEN, "SITE_URL": "https://imas.example.lt"})
    assert plain.stdout.split()[1:] == ["0", "False"]
    assert secure.stdout.split()[1:] == ["63072000", "False"]


@pytest.mark.parametrize("url", ["http://sms.example.lt/", "ftp://localhost/", "sms.example.lt"])
def test_codes_to_phones_go_over_https_only(url: str) -> None:
    assert "SMS_GATEWAY_URL" in _read({**GIVEN, "SMS_GATEWAY_URL": url}).stderr
