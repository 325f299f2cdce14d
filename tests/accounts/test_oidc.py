"""Coming in through OpenID Connect, against a provider that runs as a process of its own."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import sessions
from accounts.models import ProviderVisit, SharedSession, User
from accounts.providers.configuring import OidcProvider
from accounts.services import forget_visits
from accounts.types import Assurance
from imas.kernel import clock
from representation.models import JournalEntry
from tests.gateways.browsing import choose, come_back, sent_to
from tests.gateways.issuer import CLIENT
from tests.gateways.running import gateway, tell
from tests.make import make_user, personal_code

pytestmark = pytest.mark.django_db
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with gateway("tests.gateways.issuer") as url:
        yield url


@pytest.fixture
def code() -> str:
    return personal_code()


@pytest.fixture(autouse=True)
def _provider(issuer: str, settings: Settings, code: str) -> None:
    settings.SITE_URL = "http://testserver"
    settings.IDENTITY_PROVIDERS = (_described(issuer),)
    tell(issuer, people=[_person(code)])


def _described(issuer: str, **more: Any) -> OidcProvider:
    return OidcProvider(
        key="bank",
        name={"lt": "Bankas", "en": "Bank"},
        issuer=issuer,
        client_id=CLIENT[0],
        client_secret=CLIENT[1],
        eidas_claim="eidas",
        **more,
    )


def _person(code: str) -> dict[str, str]:
    return {"sub": "1", "given_name": "Ona", "family_name": "Petraitė", "personal_code": code}


def _come_in(client: Client, wanted: str = "") -> Any:
    return come_back(client, choose(sent_to(client, "bank", wanted)))


def _is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_person_comes_in_and_goes_on_to_the_page_that_was_wanted(
    client: Client, code: str
) -> None:
    user = make_user(personal_code=code)
    answer = _come_in(client, "/settings/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/settings/")
    assert client.session["_auth_user_id"] == str(user.pk)
    means = sessions.means_of(client.session)
    assert (str(means), means.assurance) == ("oidc:bank", Assurance.SUBSTANTIAL)


def test_somebody_new_meets_the_rules_first(client: Client, code: str) -> None:
    assert _come_in(client).status_code == 302
    assert User.objects.with_personal_code(code).get().full_name == "Ona Petraitė"
    assert client.get("/settings/").headers["Location"] == "/rules/"


def test_coming_in_leads_nowhere_outside(client: Client) -> None:
    assert _come_in(client, "https://evil.example/").headers["Location"] == "/"


def test_the_provider_is_asked_with_pkce_state_and_nonce(client: Client) -> None:
    asked = parse_qs(urlsplit(sent_to(client, "bank")).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://testserver/sign-in/through/bank/back/"]
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


@pytest.mark.parametrize(
    "lies",
    [
        {"claims": {"iss": "https://other.example"}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": ["imas", "another"]}},
        {"claims": {"aud": ["imas", "another"], "azp": "another"}},
        {"claims": {"exp": 1_700_000_000}},
        {"claims": {"exp": None}},
        {"claims": {"iat": 1_700_000_000}},
        {"claims": {"iat": 4_000_000_000}},
        {"claims": {"iat": None}},
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"sub": None}},
        {"other_key": True},
        {"header": {"alg": "none"}},
        {"header": {"alg": "HS256"}},
        {"iss": "https://other.example"},
    ],
    ids=str,
)
def test_a_token_that_is_not_this_providers_for_us_now_lets_nobody_in(
    client: Client, issuer: str, lies: dict[str, Any]
) -> None:
    tell(issuer, lies=lies)
    assert _come_in(client).status_code == 403
    assert not _is_in(client)
    refused = JournalEntry.objects.get()
    assert (refused.action, refused.user, refused.params) == (
        "accounts.sign-in-refused",
        None,
        {"reason": "sign-in-not-proved"},
    )


def test_an_answer_is_of_use_once(client: Client) -> None:
    back = choose(sent_to(client, "bank"))
    assert come_back(client, back).status_code == 302
    client.post("/sign-out/")
    assert come_back(client, back).status_code == 403
    assert not _is_in(client)


def test_an_answer_is_of_no_use_to_another_browser() -> None:
    one, other = Client(), Client()
    sent_to(other, "bank")
    assert come_back(other, choose(sent_to(one, "bank"))).status_code == 403
    assert not _is_in(other)


def test_an_answer_to_another_question_is_of_no_use(client: Client, issuer: str) -> None:
    tell(issuer, lies={"state": "another"})
    assert _come_in(client).status_code == 403


def test_an_answer_that_took_too_long_is_of_no_use(client: Client) -> None:
    back = choose(sent_to(client, "bank"))
    now = clock.now()
    ProviderVisit.objects.update(created_at=now - timedelta(days=1), expires_at=now)
    assert come_back(client, back).status_code == 403


def test_whoever_refuses_at_the_provider_is_not_let_in(client: Client) -> None:
    assert come_back(client, choose(sent_to(client, "bank"), "nobody")).status_code == 403
    assert not _is_in(client)


def test_the_secrets_of_a_trip_do_not_lie_open_and_are_forgotten(client: Client) -> None:
    sent_to(client, "bank")
    visit = ProviderVisit.objects.get()
    assert "nonce" in visit.secrets
    assert not ProviderVisit.objects.extra(where=["secrets LIKE '%%nonce%%'"]).exists()
    forget_visits()
    assert ProviderVisit.objects.exists()
    now = clock.now()
    long_ago = now - timedelta(days=400)
    ProviderVisit.objects.update(created_at=long_ago, expires_at=long_ago + timedelta(minutes=10))
    forget_visits()
    assert not ProviderVisit.objects.exists()


def test_a_provider_may_turn_its_keys(client: Client, issuer: str) -> None:
    assert _come_in(client).status_code == 302
    tell(issuer, new_key=True)
    assert _come_in(Client()).status_code == 302


def test_a_planted_session_key_is_worth_nothing_afterwards(client: Client) -> None:
    back = choose(sent_to(client, "bank"))
    planted = client.session.session_key
    come_back(client, back)
    assert client.session.session_key != planted


@pytest.mark.parametrize(("acr", "status"), [(SUBSTANTIAL, 302), ("low", 403), (None, 403)])
def test_a_means_not_sure_enough_is_refused(
    client: Client, issuer: str, settings: Settings, acr: str | None, status: int
) -> None:
    settings.IDENTITY_PROVIDERS = (_described(issuer, acr={SUBSTANTIAL: "substantial"}),)
    tell(issuer, lies={"claims": {"acr": acr}})
    assert _come_in(client).status_code == status


@pytest.mark.parametrize(
    "claims",
    [
        {"personal_code": None},
        {"personal_code": ""},
        {"personal_code": "12345678901"},
        {"personal_code": None, "eidas": "38001085718"},
    ],
    ids=str,
)
def test_without_a_code_i_mas_knows_nobody_is_let_in(
    client: Client, issuer: str, claims: dict[str, Any]
) -> None:
    tell(issuer, lies={"claims": claims})
    assert _come_in(client).status_code == 403
    assert not User.objects.exists()


def test_somebody_from_abroad_is_led_to_applying(client: Client, issuer: str) -> None:
    tell(issuer, lies={"claims": {"personal_code": None, "eidas": "EE/LT/38001085718"}})
    assert _come_in(client).headers["Location"] == "/apply/"
    assert not User.objects.exists()
    assert not _is_in(client)


def test_a_closed_account_stays_closed(client: Client, code: str) -> None:
    make_user(personal_code=code, is_active=False)
    assert _come_in(client).status_code == 403
    assert not _is_in(client)


def test_a_provider_that_does_not_answer_is_told_as_such(
    client: Client, settings: Settings
) -> None:
    settings.IDENTITY_PROVIDERS = (_described("http://localhost:9"),)
    assert client.post("/sign-in/through/bank/").status_code == 503


def test_one_address_cannot_set_out_without_end(client: Client) -> None:
    answers = [client.post("/sign-in/through/bank/").status_code for _ in range(61)]
    assert answers[-2:] == [200, 429]


def _ended(issuer: str, **claims: Any) -> str:
    body = json.dumps(claims).encode()
    with urllib.request.urlopen(f"{issuer}/end", body) as answer:
        return str(json.load(answer)["logout_token"])


def _tell_us(token: str) -> int:
    return Client().post("/sign-in/through/bank/ended/", {"logout_token": token}).status_code


@pytest.mark.parametrize(
    "claims", [{"sid": "s1"}, {"sub": "1"}, {"sub": "1", "sid": "s1"}], ids=str
)
def test_a_session_that_ends_at_the_provider_ends_here_and_wherever_it_was_shared(
    client: Client, issuer: str, claims: dict[str, str]
) -> None:
    tell(issuer, lies={"claims": {"sid": "s1"}})
    make_user()
    _come_in(client)
    assert client.get("/rules/").status_code == 200
    assert _tell_us(_ended(issuer, **claims)) == 200
    assert client.get("/rules/").headers["Location"].startswith("/sign-in/")
    assert not SharedSession.objects.open().exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"sid": "another"},
        {"sub": "another"},
        {"sub": "another", "sid": "s1"},
        {},
        {"sid": "s1", "nonce": "n"},
        {"sid": "s1", "events": {}},
        {"sid": "s1", "events": None},
        {"sid": "s1", "aud": "another"},
        {"sid": "s1", "iss": "https://other.example"},
        {"sid": "s1", "jti": None},
        {"sid": "s1", "exp": 1_700_000_000},
    ],
    ids=str,
)
def test_what_is_no_logout_of_this_session_ends_nothing(
    client: Client, issuer: str, claims: dict[str, Any]
) -> None:
    tell(issuer, lies={"claims": {"sid": "s1"}})
    _come_in(client)
    _tell_us(_ended(issuer, **claims))
    assert client.get("/rules/").status_code == 200


def test_a_logout_token_is_of_use_once(client: Client, issuer: str) -> None:
    token = _ended(issuer, sid="s1")
    assert [_tell_us(token), _tell_us(token)] == [200, 422]
    assert _tell_us("no token") == 403
