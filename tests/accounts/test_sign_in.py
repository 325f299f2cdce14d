from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from imas.kernel import clock
from tests.make import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    real = clock.now

    def move(step: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + step)

    return move


def _try(client: Client, name: str, password: str, address: str = "10.0.0.1") -> int:
    form = {"username": name, "password": password}
    return client.post(SIGN_IN, form, REMOTE_ADDR=address).status_code


def test_the_right_name_and_password_open_a_session(client: Client) -> None:
    user = make_user("ona")
    answer = client.post(SIGN_IN, {"username": " ONA ", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_signing_in_goes_on_to_the_page_that_was_wanted(client: Client) -> None:
    make_user("ona")
    form = {"username": "ona", "password": PASSWORD, "next": "/settings/"}
    assert client.post(SIGN_IN, form).headers["Location"] == "/settings/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_signing_in_leads_nowhere_outside(client: Client, target: str) -> None:
    make_user("ona")
    form = {"username": "ona", "password": PASSWORD, "next": target}
    assert client.post(SIGN_IN, form).headers["Location"] == "/"


def test_a_planted_session_key_is_worth_nothing_after_signing_in(client: Client) -> None:
    make_user("ona")
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = str(planted)
    client.post(SIGN_IN, {"username": "ona", "password": PASSWORD})
    assert client.session.session_key != planted
    assert not Client().session.exists(str(planted))


def test_an_unknown_name_and_a_wrong_password_get_the_same_page() -> None:
    make_user("ona")
    pages = [
        Client().post(SIGN_IN, {"username": name, "password": "wrong", "next": ""})
        for name in ("ona", "ana")
    ]
    assert pages[0].status_code == pages[1].status_code == 200
    known, unknown = (page.content.decode() for page in pages)
    assert _faults(known) == _faults(unknown)


def _faults(page: str) -> str:
    return page[page.index("error-summary") : page.index("</ul>", page.index("error-summary"))]


def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("ona")
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    _try(client, "ona", "wrong")
    known = len(hashed)
    _try(client, "ana", "wrong")
    assert len(hashed) == 2 * known > 0


@pytest.mark.parametrize("name", ["ona", "nobody"])
def test_a_name_is_closed_after_five_failures_known_or_not(client: Client, name: str) -> None:
    make_user("ona")
    answers = [_try(client, name, "wrong", f"10.0.1.{i}") for i in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]
    assert _try(client, name, PASSWORD, "10.0.2.1") == 429


def test_a_closed_name_says_when_to_come_again(client: Client) -> None:
    form = {"username": "ona", "password": "wrong"}
    answers = [client.post(SIGN_IN, form) for _ in range(5)]
    assert answers[-1].headers["Retry-After"] == str(settings.SIGN_IN_LOCK_SECONDS)


def test_an_address_that_tries_many_names_is_closed(client: Client) -> None:
    make_user("ona")
    limit = settings.SIGN_IN_ATTEMPTS_PER_ADDRESS
    answers = [_try(client, f"name{i}", "wrong") for i in range(limit)]
    assert answers[-2:] == [200, 429]
    assert _try(client, "ona", PASSWORD) == 429
    assert _try(client, "ona", PASSWORD, "10.9.9.9") == 302


def test_signing_in_clears_the_failures_of_that_name_only(client: Client) -> None:
    make_user("ona")
    for _ in range(4):
        _try(client, "ona", "wrong")
        _try(client, "jonas", "wrong")
    assert _try(Client(), "ona", PASSWORD) == 302
    assert _try(Client(), "ona", "wrong") == 200
    assert _try(Client(), "jonas", "wrong") == 429


def test_somebody_made_inactive_is_out_at_the_next_request(client: Client) -> None:
    user = make_user("ona")
    _try(client, "ona", PASSWORD)
    user.is_active = False
    user.save()
    assert client.get("/settings/").headers["Location"].startswith(SIGN_IN)
    assert _try(client, "ona", PASSWORD) == 200


def test_signing_out_is_done_by_post_only(client: Client) -> None:
    make_user("ona")
    _try(client, "ona", PASSWORD)
    assert client.get(reverse("accounts:sign-out")).status_code == 405
    assert client.get("/settings/").status_code == 200
    client.post(reverse("accounts:sign-out"))
    assert client.get("/settings/").status_code == 302


def test_a_session_left_idle_is_over(
    client: Client, move_clock: Callable[[timedelta], None]
) -> None:
    make_user("ona")
    _try(client, "ona", PASSWORD)
    move_clock(timedelta(seconds=settings.SESSION_IDLE_SECONDS + 1))
    assert client.get("/settings/").status_code == 302


def test_a_session_in_use_is_over_after_its_longest_time(
    client: Client, move_clock: Callable[[timedelta], None]
) -> None:
    make_user("ona")
    _try(client, "ona", PASSWORD)
    half = settings.SESSION_IDLE_SECONDS // 2
    seen = []
    for passed in range(half, settings.SESSION_SECONDS + half, half):
        move_clock(timedelta(seconds=passed))
        seen.append(client.get("/settings/").status_code)
    assert seen[-2:] == [200, 302]


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client: Client) -> None:
    make_user("ona")
    other = Client()
    _try(client, "ona", PASSWORD)
    _try(other, "ona", PASSWORD)
    form = {"current": PASSWORD, "new": "Kitas-geras-slaptažodis-9"}
    assert client.post("/settings/password/", form).status_code == 302
    assert client.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302


def test_a_new_password_needs_the_present_one(client: Client) -> None:
    user = make_user("ona")
    _try(client, "ona", PASSWORD)
    form = {"current": "wrong", "new": "Kitas-geras-slaptažodis-9"}
    assert client.post("/settings/password/", form).status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_form_without_its_token_is_refused() -> None:
    make_user("ona")
    strict = Client(enforce_csrf_checks=True)
    assert _try(strict, "ona", PASSWORD) == 403
