"""Single sign-on as the other system's server and a hostile browser see it."""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from joserfc import jwk
from pytest_django.fixtures import Settings

from accounts.models import AuthorizationCode, RelyingParty, SharedSession, Sharing, User
from accounts.services import change_password, sharing
from accounts.services.parties import PartyOrder, register_party
from accounts.sso import keys
from imas.kernel import clock
from tests.make import PASSWORD, make_user, personal_code

pytestmark = pytest.mark.django_db
BACK = "https://vmi.example/callback"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:43]
ASKED = {
    "response_type": "code",
    "client_id": "vmi",
    "redirect_uri": BACK,
    "scope": "openid profile",
    "state": "s",
    "nonce": "n",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
Change = Callable[[timedelta], None]


@pytest.fixture(scope="module")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = tmp_path_factory.mktemp("sso") / "sso.pem"
    key.write_bytes(jwk.RSAKey.generate_key(2048).as_pem(private=True))
    return key


@pytest.fixture(autouse=True)
def _on(settings: Settings, signing_key: Path) -> None:
    settings.SSO_SIGNING_KEYS, settings.SITE_URL = [str(signing_key)], "http://localhost:8000"


@pytest.fixture
def browser() -> Client:
    return Client(SERVER_NAME="localhost", SERVER_PORT="8000")


@pytest.fixture
def server() -> Client:
    return Client(SERVER_NAME="localhost", SERVER_PORT="8000")


@pytest.fixture
def secret() -> str:
    scopes = frozenset({"profile"})
    order = PartyOrder("vmi", "Mano VMI", (BACK,), (), "https://vmi.example/ended", scopes)
    return register_party(order)


@pytest.fixture
def person(browser: Client) -> User:
    user = make_user("ona", personal_code=personal_code())
    _sign_in(browser)
    return user


def _sign_in(browser: Client) -> None:
    browser.post("/sign-in/", {"username": "ona", "password": PASSWORD})


def _ask(browser: Client, **other: str | None) -> Any:
    asked = {name: value for name, value in {**ASKED, **other}.items() if value is not None}
    return browser.get("/sso/authorize", asked)


def _answer(browser: Client, **other: str | None) -> dict[str, str]:
    answer = _ask(browser, **other)
    assert answer.status_code == 302, answer.content.decode()
    parts = urlsplit(answer.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == BACK
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def _exchange(server: Client, secret: str, code: str, **other: str) -> Any:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    form |= {"code_verifier": VERIFIER, "client_id": "vmi", "client_secret": secret, **other}
    return server.post("/sso/token", form)


def _token(browser: Client, server: Client, secret: str) -> dict[str, Any]:
    answer = _exchange(server, secret, _answer(browser)["code"])
    assert answer.status_code == 200, answer.content
    token: dict[str, Any] = answer.json()
    return token


def test_the_token_tells_what_the_party_may_know_and_no_more(
    browser: Client, server: Client, secret: str, person: User
) -> None:
    claims = keys.read(_token(browser, server, secret)["id_token"])
    assert claims["given_name"] == person.first_name
    assert not {"personal_code", "email", "phone"} & claims.keys()
    assert (claims["iss"], claims["aud"], claims["nonce"], claims["acr"]) == (
        "http://localhost:8000", "vmi", "n", "low",
    )  # fmt: skip
    assert claims["sub"] != str(person.pk)
    assert claims["sid"] == str(SharedSession.objects.get().pk)


def test_a_party_is_not_told_what_it_asks_for_without_being_registered_for_it(
    browser: Client, server: Client, secret: str, person: User
) -> None:
    code = _answer(browser, scope="openid profile code")["code"]
    token = _exchange(server, secret, code).json()
    assert "personal_code" not in keys.read(token["id_token"])
    header = {"Authorization": f"Bearer {token['access_token']}"}
    assert "personal_code" not in server.get("/sso/userinfo", headers=header).json()


def test_two_parties_know_a_person_under_two_names(
    browser: Client, server: Client, secret: str, person: User
) -> None:
    one = keys.read(_token(browser, server, secret)["id_token"])["sub"]
    RelyingParty.objects.filter(pk="vmi").update(is_active=False)
    assert _ask(browser).status_code == 422
    other = register_party(PartyOrder("eds", "EDS", (BACK,)))
    code = _answer(browser, client_id="eds")["code"]
    answer = _exchange(server, other, code, client_id="eds")
    assert keys.read(answer.json()["id_token"])["sub"] != one


def test_the_access_token_opens_the_same_claims_while_the_session_lasts(
    browser: Client, server: Client, secret: str, person: User
) -> None:
    header = {"Authorization": f"Bearer {_token(browser, server, secret)['access_token']}"}
    assert server.get("/sso/userinfo", headers=header).json()["given_name"] == person.first_name
    browser.post("/sign-out/")
    assert server.get("/sso/userinfo", headers=header).status_code == 401
    assert server.get("/sso/userinfo", headers={"Authorization": "Bearer "}).status_code == 401


def test_a_visitor_is_led_to_signing_in_and_back(browser: Client, secret: str) -> None:
    answer = _ask(browser)
    assert answer.headers["Location"].startswith("/sign-in/?next=/sso/authorize%3F")


def test_somebody_who_has_not_accepted_the_rules_is_let_in_nowhere(
    browser: Client, secret: str
) -> None:
    make_user("ona", ready=False)
    _sign_in(browser)
    assert _ask(browser).headers["Location"] == "/"
    assert not AuthorizationCode.objects.exists()


def test_asked_not_to_show_anything_i_mas_says_that_nobody_is_there(
    browser: Client, secret: str
) -> None:
    assert _answer(browser, prompt="none")["error"] == "login_required"


@pytest.mark.parametrize(
    "other",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": f"{BACK}/"},
        {"redirect_uri": f"{BACK}?x=1"},
    ],
    ids=str,
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    browser: Client, secret: str, person: User, other: dict[str, str | None]
) -> None:
    assert _ask(browser, **other).status_code == 422


@pytest.mark.parametrize(
    "other",
    [
        {"nonce": None},
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"response_type": "token"},
        {"response_type": "id_token"},
    ],
    ids=str,
)
def test_what_is_asked_for_carelessly_is_refused(
    browser: Client, secret: str, person: User, other: dict[str, str | None]
) -> None:
    answer = _ask(browser, **other)
    told = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
    assert answer.status_code == 422 or "error" in told
    assert not AuthorizationCode.objects.exists()


@pytest.mark.parametrize(
    "other",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": ""},
        {"redirect_uri": "https://vmi.example/other"},
        {"client_secret": "wrong"},
        {"client_secret": ""},
        {"grant_type": "refresh_token"},
    ],
    ids=str,
)
def test_a_stolen_code_opens_nothing(
    browser: Client, server: Client, secret: str, person: User, other: dict[str, str]
) -> None:
    answer = _exchange(server, secret, _answer(browser)["code"], **other)
    assert answer.status_code in {400, 401}
    assert "id_token" not in answer.json()


def test_a_code_of_one_party_is_nothing_to_another(
    browser: Client, server: Client, secret: str, person: User
) -> None:
    other = register_party(PartyOrder("eds", "EDS", (BACK,)))
    code = _answer(browser)["code"]
    assert _exchange(server, other, code, client_id="eds").status_code == 400


def test_a_code_that_comes_twice_takes_its_token_with_it(
    browser: Client, server: Client, secret: str, person: User
) -> None:
    code = _answer(browser, nonce="other")["code"]
    token = _exchange(server, secret, code).json()["access_token"]
    assert _exchange(server, secret, code).status_code == 400
    header = {"Authorization": f"Bearer {token}"}
    assert server.get("/sso/userinfo", headers=header).status_code == 401


def test_an_old_code_opens_nothing(
    browser: Client, server: Client, secret: str, person: User
) -> None:
    code = _answer(browser)["code"]
    AuthorizationCode.objects.update(expires_at=clock.now())
    assert _exchange(server, secret, code).status_code == 400


def test_a_code_of_an_ended_session_opens_nothing(
    browser: Client, server: Client, secret: str, person: User
) -> None:
    code = _answer(browser)["code"]
    browser.post("/sign-out/")
    assert _exchange(server, secret, code).status_code == 400


def test_neither_code_nor_token_nor_secret_is_kept(
    browser: Client, server: Client, secret: str, person: User
) -> None:
    code = _answer(browser)["code"]
    token = _exchange(server, secret, code).json()["access_token"]
    kept = AuthorizationCode.objects.get()
    assert not {code, token} & {kept.code_hash, kept.access_hash}
    assert RelyingParty.objects.get().secret_hash != secret


def _shared(browser: Client, secret: str) -> SharedSession:
    _answer(browser)
    return SharedSession.objects.get()


def test_signing_out_tells_everybody_once(browser: Client, secret: str, person: User) -> None:
    shared = _shared(browser, secret)
    browser.post("/sign-out/")
    shared.refresh_from_db()
    assert shared.ended_at
    assert list(Sharing.objects.due(clock.now())) == list(Sharing.objects.all())
    assert sharing.end_shared(shared.pk) == []


def test_a_new_password_ends_the_other_shared_sessions_and_not_this_one(
    browser: Client, secret: str, person: User
) -> None:
    other = Client(SERVER_NAME="localhost", SERVER_PORT="8000")
    _sign_in(other)
    mine, theirs = _shared(browser, secret), None
    _answer(other, nonce="other")
    theirs = SharedSession.objects.exclude(pk=mine.pk).get()
    form = {"current": PASSWORD, "new": "Kitas-geras-slaptažodis-9"}
    assert browser.post("/settings/password/", form).status_code == 302
    sharing.end_lapsed()
    assert list(SharedSession.objects.open()) == [mine]
    assert theirs.sharings.get().due_at


@pytest.mark.parametrize("how", ["closed", "left idle", "taken away", "password elsewhere"])
def test_a_session_that_ends_without_a_request_ends_for_all(
    browser: Client, secret: str, person: User, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    shared = _shared(browser, secret)
    sharing.end_lapsed()
    assert SharedSession.objects.open().exists()
    if how == "closed":
        User.objects.update(is_active=False)
    elif how == "taken away":
        browser.session.delete(shared.session_key)
    elif how == "password elsewhere":
        change_password(person, "Kitas-geras-slaptažodis-9")
    else:
        later = clock.now() + timedelta(hours=1)
        monkeypatch.setattr(clock, "now", lambda: later)
    sharing.end_lapsed()
    assert not SharedSession.objects.open().exists()
    assert Sharing.objects.get().due_at


def test_a_session_in_use_goes_on(
    browser: Client, secret: str, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, start = _shared(browser, secret), clock.now()
    for minutes in (20, 40, 60):
        monkeypatch.setattr(clock, "now", lambda m=minutes: start + timedelta(minutes=m))
        assert browser.get("/settings/").status_code == 200
        sharing.end_lapsed()
    shared.refresh_from_db()
    assert shared.ended_at is None


def test_only_a_token_of_this_very_session_ends_it(
    browser: Client, server: Client, secret: str, person: User
) -> None:
    token = _token(browser, server, secret)["id_token"]
    stranger = Client(SERVER_NAME="localhost", SERVER_PORT="8000")
    stranger.get("/sso/end", {"id_token_hint": token})
    browser.get("/sso/end", {"id_token_hint": token[:-8] + "AAAAAAAA"})
    browser.get("/sso/end")
    assert SharedSession.objects.open().exists()
    answer = browser.get(
        "/sso/end", {"id_token_hint": token, "post_logout_redirect_uri": "https://evil.example/"}
    )
    assert answer.headers["Location"] == "/sign-in/"
    assert not SharedSession.objects.open().exists()
    assert browser.get("/settings/").status_code == 302


def test_keys_are_published_without_their_private_halves(server: Client) -> None:
    (key,) = server.get("/sso/keys").json()["keys"]
    assert not {"d", "p", "q"} & key.keys()
    assert (
        server.get("/.well-known/openid-configuration").json()["issuer"] == "http://localhost:8000"
    )


@pytest.mark.parametrize(
    "wrong", [["--redirect", "http://vmi.example/"], ["--scope", "everything"]]
)
def test_a_party_with_senseless_data_is_not_registered(wrong: list[str]) -> None:
    good = ["vmi", "--name", "Mano VMI", "--redirect", BACK]
    with pytest.raises(CommandError):
        call_command("register_relying_party", *good, *wrong)
    assert not RelyingParty.objects.exists()


def test_without_keys_there_is_no_single_sign_on(browser: Client, settings: Settings) -> None:
    settings.SSO_SIGNING_KEYS = []
    cache.clear()
    assert browser.get("/.well-known/openid-configuration").status_code == 404
