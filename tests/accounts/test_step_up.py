from datetime import timedelta

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from accounts import stepup
from accounts.services import passkeys
from imas.kernel import clock
from tests.make import PASSWORD, code_of, make_totp, make_user, prove_second_factor

pytestmark = pytest.mark.django_db
ACT = "/weighty/"


@stepup.second_factor_demanded
def _weighty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"done {request.method} {request.POST.getlist('right')}")


urlpatterns = [path("weighty/", _weighty, name="accounts-weighty"), path("", include("imas.urls"))]


@pytest.fixture(autouse=True)
def _a_weighty_act(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.PUBLIC_VIEWS = {*settings.PUBLIC_VIEWS, "accounts-weighty"}


def _signed_in(*, factor: bool = True) -> tuple[Client, str]:
    user, client = make_user(), Client()
    client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    return client, make_totp(user).secret if factor else ""


def test_a_weighty_act_is_done_after_the_second_factor_is_proved() -> None:
    client, secret = _signed_in()
    assert client.get(ACT).headers["Location"] == "/second-factor/"
    answer = client.post("/second-factor/", {"code": code_of(secret)})
    assert answer.headers["Location"] == ACT
    assert client.get(ACT).content == b"done GET []"


def test_what_was_posted_is_not_lost_and_not_done_by_itself() -> None:
    client, secret = _signed_in()
    client.post(ACT, {"right": ["isaf.view", '"><b>']})
    answer = client.post("/second-factor/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/send-again/"
    page = client.get("/send-again/").content.decode()
    assert 'action="/weighty/"' in page
    assert 'name="right" value="isaf.view"' in page
    assert "<b>" not in page
    assert client.get("/send-again/").status_code == 302


def test_what_was_posted_lies_encrypted_in_the_session() -> None:
    client, _ = _signed_in()
    client.post(ACT, {"right": "labai-slapta"})
    assert "labai-slapta" not in str(dict(client.session.items()))


def test_who_has_no_second_factor_takes_one_on_first() -> None:
    client, _ = _signed_in(factor=False)
    assert client.get(ACT).headers["Location"] == "/second-factor/choose/"


def test_a_piece_of_a_page_leads_the_whole_page_to_the_proof() -> None:
    client, _ = _signed_in()
    answer = client.post(ACT, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/second-factor/")


def test_a_proof_is_enough_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = _signed_in()
    prove_second_factor(client)
    assert client.get(ACT).status_code == 200
    later = clock.now() + timedelta(seconds=settings.STEP_UP_SECONDS)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(ACT).status_code == 302


def test_a_proof_of_one_session_is_worth_nothing_in_another() -> None:
    user, clients = make_user(), (Client(), Client())
    for client in clients:
        client.post("/sign-in/", {"username": user.login_name, "password": PASSWORD})
    make_totp(user)
    prove_second_factor(clients[0])
    assert [client.get(ACT).status_code for client in clients] == [200, 302]


def test_the_session_key_changes_with_the_step_up() -> None:
    client, secret = _signed_in()
    before = client.session.session_key
    client.post("/second-factor/", {"code": code_of(secret)})
    assert client.session.session_key != before
    assert not Client().session.exists(str(before))


@pytest.mark.parametrize("remove", ["/settings/security/app/remove/"])
def test_a_factor_is_given_up_only_by_who_proves_it(remove: str) -> None:
    client, _ = _signed_in()
    assert client.post(remove).headers["Location"] == "/second-factor/"
    prove_second_factor(client)
    assert client.post(remove).headers["Location"] == "/settings/security/"


def test_the_password_is_changed_only_with_the_second_factor_of_who_has_one() -> None:
    client, _ = _signed_in()
    form = {"current": PASSWORD, "new": "Kitas-geras-slaptažodis-9"}
    assert client.post("/settings/password/", form).headers["Location"] == "/second-factor/"


def test_a_passkey_that_was_not_asked_proves_nothing() -> None:
    client, _ = _signed_in()
    for answer in ("", "{}", "null", "[]", '{"id": 1}', "x" * 100):
        reply = client.post("/second-factor/passkey/", {"answer": answer})
        assert reply.status_code == 200
    assert not stepup.is_fresh(client.session)
    assert passkeys.prove_by_passkey({}, "{}") is None
