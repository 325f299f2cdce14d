"""A key is used so often in any time of that length, whoever counts."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import ApiKey
from accounts.throttling import KeyThrottle


def _asked(key: ApiKey | None) -> KeyThrottle | None:
    """Ask once; return the throttle where it refuses."""
    throttle = KeyThrottle()
    request: Any = SimpleNamespace(auth=key)
    return None if throttle.allow_request(request, request) else throttle


@pytest.fixture
def rate(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": request.param})
    return str(request.param)


@pytest.mark.parametrize("rate", ["40/min"], indirect=True)
@pytest.mark.usefixtures("rate")
def test_many_at_once_are_not_more_than_the_rate() -> None:
    key, crowd = ApiKey(), 8
    start = Barrier(crowd)

    def ask_often(_one: int) -> int:
        start.wait()
        return sum(_asked(key) is None for _time in range(20))

    with ThreadPoolExecutor(crowd) as pool:
        assert sum(pool.map(ask_often, range(crowd))) == 40


@pytest.mark.parametrize("rate", ["3/s"], indirect=True)
@pytest.mark.usefixtures("rate")
def test_no_time_of_that_length_holds_more_and_who_comes_when_told_is_taken() -> None:
    key, taken = ApiKey(), []
    for _time in range(3):
        assert _asked(key) is None
        taken.append(time.monotonic())
        time.sleep(0.2)
    assert all(_asked(key) for _time in range(5)), "they are not counted"
    refused = _asked(key)
    assert refused is not None
    assert 0 < refused.wait() <= taken[0] + 1 - time.monotonic() + 0.05
    time.sleep(refused.wait())
    assert _asked(key) is None
    refused = _asked(key)
    assert refused is not None, "the second is not a second ago yet"
    assert refused.wait() == pytest.approx(0.2, abs=0.1)


@pytest.mark.parametrize("rate", ["2/min"], indirect=True)
def test_a_lower_rate_counts_what_was_asked_before(
    rate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ApiKey()
    assert (_asked(key), _asked(key)) == (None, None)
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": rate.replace("2", "1")})
    refused = _asked(key)
    assert refused is not None
    assert 0 < refused.wait() <= 60


@pytest.mark.parametrize("rate", ["0/min"], indirect=True)
@pytest.mark.usefixtures("rate")
def test_a_rate_of_none_shuts_every_key_out() -> None:
    refused = _asked(ApiKey())
    assert refused is not None
    assert refused.wait() == 60


@pytest.mark.parametrize("rate", ["1/min"], indirect=True)
@pytest.mark.usefixtures("rate")
def test_keys_are_counted_apart_and_nothing_without_one() -> None:
    one, other = ApiKey(), ApiKey()
    assert (_asked(one), _asked(other)) == (None, None)
    assert _asked(one) is not None
    assert [_asked(None) for _time in range(3)] == [None] * 3
