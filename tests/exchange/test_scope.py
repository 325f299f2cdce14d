"""Roles in the tokens of single sign-on: told to a registered party, as they are at the moment."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import User
from accounts.services.parties import PartyOrder, register_party
from accounts.sso import keys
from accounts.sso.claims import subject
from exchange import services
from imas.kernel import clock
from representation.models import Mandate, Taxpayer
from representation.services import acting_of
from representation.types import MandateState
from tests.make import PASSWORD, make_grant, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:43]


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


@pytest.fixture
def clerk(taxpayer: Taxpayer) -> User:
    """Somebody with a role in AIS, and mandates of two taxpayers."""
    head, clerk = make_user(), make_user("ona")
    make_headship(head, taxpayer)
    make_grant(clerk, taxpayer, "mailbox.view")
    make_grant(clerk, make_taxpayer(), "mailbox.view")
    acting = acting_of(head, taxpayer, clock.now())
    assert acting
    handle = subject(clerk, f"roles:{taxpayer.pk}")
    services.assign_roles(acting, "ais", handle, ["view"])
    return clerk


def _token(party: str, *registered: str) -> dict[str, Any]:
    """Sign in and let a party ask for everything; return what its token says."""
    back = f"https://{party}.example/callback"
    secret = register_party(PartyOrder(party, party, (back,), scopes=frozenset(registered)))
    browser = Client(SERVER_NAME="localhost", SERVER_PORT="8000")
    browser.post("/sign-in/", {"username": "ona", "password": PASSWORD})
    asked = {
        "response_type": "code",
        "client_id": party,
        "redirect_uri": back,
        "scope": "openid profile code ais",
        "state": "s",
        "nonce": party,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    answer = browser.get("/sso/authorize", asked)
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
    form |= {"code_verifier": VERIFIER, "client_id": party, "client_secret": secret}
    return keys.read(browser.post("/sso/token", form).json()["id_token"])


def test_a_registered_party_is_told_the_roles(clerk: User, taxpayer: Taxpayer) -> None:
    told = _token("ais", "ais")["ais_taxpayers"]
    assert told == [{"code": taxpayer.code, "name": taxpayer.name, "roles": ["view"]}]


def test_a_party_that_is_not_registered_for_roles_is_told_none(clerk: User) -> None:
    assert "ais_taxpayers" not in _token("eds", "profile", "code")


def test_a_mandate_revoked_a_moment_ago_gives_no_roles(clerk: User, taxpayer: Taxpayer) -> None:
    given = Mandate.objects.filter(user=clerk, taxpayer=taxpayer)
    given.update(state=MandateState.REVOKED)
    assert _token("ais", "ais")["ais_taxpayers"] == []


def test_the_scope_is_published() -> None:
    described = Client().get("/.well-known/openid-configuration", SERVER_NAME="localhost").json()
    assert "ais" in described["scopes_supported"]
