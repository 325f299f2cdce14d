import logging
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import ApiKey, User
from accounts.throttling import KeyThrottle
from imas.kernel import clock
from tests.make import make_api_key, make_user

pytestmark = pytest.mark.django_db


def _me(client: Client, plain: str, **headers: str) -> tuple[int, str]:
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {plain}", **headers})
    return answer.status_code, answer.json().get("code", "")


@pytest.fixture
def owner() -> User:
    return make_user("ona")


def test_a_key_tells_whose_it_is(client: Client, owner: User) -> None:
    key, plain = make_api_key(owner, rights=("isaf.view",))
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {plain}"})
    assert answer.json()["login_name"] == "ona"
    assert answer.json()["key"]["prefix"] == key.prefix
    assert plain not in answer.content.decode()


def test_no_key_says_how_to_send_one(client: Client) -> None:
    answer = client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_session_is_no_key(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.get("/api/v1/me").status_code == 401


def test_unknown_expired_revoked_and_spoilt_keys_get_one_answer(
    client: Client, owner: User
) -> None:
    key, plain = make_api_key(owner)
    revoked, revoked_plain = make_api_key(owner)
    ApiKey.objects.filter(pk=revoked.pk).update(revoked_at=clock.now())
    expired, expired_plain = make_api_key(owner)
    past = clock.now() - timedelta(days=2)
    ApiKey.objects.filter(pk=expired.pk).update(created_at=past, expires_at=clock.now())
    spoilt = plain[:-1] + ("A" if plain[-1] != "A" else "B")
    others = ["x", "imas_", "imas__", f"imas_{key.prefix}_", f"other{plain[4:]}", spoilt]
    answers = {_me(client, one) for one in [*others, revoked_plain, expired_plain]}
    assert answers == {(401, "key-not-valid")}


def test_a_key_of_somebody_inactive_is_not_valid(client: Client, owner: User) -> None:
    _, plain = make_api_key(owner)
    User.objects.update(is_active=False)
    assert _me(client, plain) == (401, "key-not-valid")


def test_a_key_opens_nothing_until_its_owner_is_ready(client: Client) -> None:
    _, plain = make_api_key(make_user(ready=False))
    assert _me(client, plain) == (403, "owner-not-ready")


def test_only_the_hash_of_a_key_is_kept(owner: User) -> None:
    key, plain = make_api_key(owner)
    kept = {str(value) for value in ApiKey.objects.values_list().get(pk=key.pk)}
    secret = plain.rsplit("_", 1)[1]
    assert not any(secret in value for value in kept)


def test_last_use_is_written_at_most_once_a_minute(client: Client, owner: User) -> None:
    key, plain = make_api_key(owner)
    _me(client, plain)
    key.refresh_from_db()
    first = key.last_used_at
    _me(client, plain)
    key.refresh_from_db()
    assert key.last_used_at == first
    ApiKey.objects.update(last_used_at=clock.now() - timedelta(minutes=2))
    _me(client, plain)
    key.refresh_from_db()
    assert first is not None
    assert key.last_used_at is not None
    assert key.last_used_at > first


@pytest.fixture
def _slow_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": "2/min"})


@pytest.mark.usefixtures("_slow_rate")
def test_a_key_used_too_often_is_told_when_to_come_again(client: Client, owner: User) -> None:
    _, plain = make_api_key(owner)
    _, another = make_api_key(owner)
    headers = {"Authorization": f"Bearer {plain}"}
    answers = [client.get("/api/v1/me", headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 61
    assert _me(client, another) == (200, "")


def test_a_key_never_comes_into_the_log(
    client: Client, owner: User, caplog: pytest.LogCaptureFixture
) -> None:
    _, plain = make_api_key(owner)
    with caplog.at_level(logging.DEBUG):
        _me(client, plain)
        _me(client, f"{plain}x")
    assert plain not in caplog.text


def test_keys_are_long_enough_not_to_be_guessed(owner: User) -> None:
    _, plain = make_api_key(owner)
    assert len(plain.rsplit("_", 1)[1]) == 64
