import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiKey
from representation.api import TaxpayerAPIView
from representation.models import JournalEntry, Mandate
from representation.services import journal
from representation.types import MandateState
from tests.make import make_api_key, make_grant, make_headship, make_taxpayer, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.representation.test_api")]


class Probe(TaxpayerAPIView):
    """Says who acts and writes it down."""

    def get(self, request: Request) -> Response:
        self.acting.require("isaf.view")
        journal(self.acting, "isaf.probed")
        return Response({"rights": sorted(self.acting.rights), "why": self.acting.why.as_params()})


urlpatterns = [path("api/v1/probe", Probe.as_view())]


def _probe(plain: str, code: str = "") -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {plain}"} | ({"X-Taxpayer": code} if code else {})
    answer = Client().get("/api/v1/probe", headers=headers)
    return answer.status_code, answer.json().get("code", "")


def test_a_key_acts_with_what_person_and_key_both_may() -> None:
    user, taxpayer = make_user(), make_taxpayer()
    make_grant(user, taxpayer, "isaf.view", "isaf.upload")
    key, plain = make_api_key(user, taxpayer, rights=("isaf.view", "isaf.submit"))
    headers = {"Authorization": f"Bearer {plain}", "X-Taxpayer": taxpayer.code}
    answer = Client().get("/api/v1/probe", headers=headers).json()
    assert answer["rights"] == ["isaf.view"]
    assert answer["why"]["kind"] == "key"
    entry = JournalEntry.objects.get(action="isaf.probed")
    assert (entry.key_id, entry.user_id) == (key.pk, user.pk)
    assert entry.request_id != ""


def test_the_taxpayer_must_be_named() -> None:
    user, taxpayer = make_user(), make_taxpayer()
    make_headship(user, taxpayer)
    _, plain = make_api_key(user, taxpayer)
    assert _probe(plain) == (400, "taxpayer-header-missing")


def test_a_stranger_s_taxpayer_and_no_taxpayer_get_one_answer() -> None:
    user, own, covered = make_user(), make_taxpayer(), make_taxpayer()
    make_headship(user, own)
    uncovered, stranger = make_taxpayer(), make_taxpayer()
    make_headship(user, uncovered)
    _, plain = make_api_key(user, own, covered)
    codes = [covered.code, uncovered.code, stranger.code, "no such code"]
    assert {_probe(plain, code) for code in codes} == {(403, "taxpayer-not-yours")}


def test_a_mandate_revoked_closes_the_key_at_once() -> None:
    user, taxpayer = make_user(), make_taxpayer()
    make_grant(user, taxpayer, "isaf.view")
    _, plain = make_api_key(user, taxpayer)
    assert _probe(plain, taxpayer.code) == (200, "")
    Mandate.objects.update(state=MandateState.REVOKED)
    assert _probe(plain, taxpayer.code) == (403, "taxpayer-not-yours")


def test_a_key_without_the_right_is_refused_by_name() -> None:
    user, taxpayer = make_user(), make_taxpayer()
    make_headship(user, taxpayer)
    _, plain = make_api_key(user, taxpayer, rights=("isaf.upload",))
    assert _probe(plain, taxpayer.code) == (403, "right-missing")


@pytest.mark.urls("imas.urls")
def test_the_list_of_taxpayers_shows_what_the_key_opens() -> None:
    user, taxpayer = make_user(), make_taxpayer(vat_code="LT100001919017")
    make_headship(user, taxpayer)
    make_headship(user, make_taxpayer())
    _, plain = make_api_key(user, taxpayer, make_taxpayer(), rights=("isaf.view",))
    answer = Client().get("/api/v1/taxpayers", headers={"Authorization": f"Bearer {plain}"})
    assert answer.json() == [
        {
            "code": taxpayer.code,
            "vat_code": "LT100001919017",
            "name": taxpayer.name,
            "rights": ["isaf.view"],
            "limits": {},
        }
    ]


def test_the_command_prints_a_key_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    user, taxpayer = make_user("ona"), make_taxpayer()
    make_headship(user, taxpayer)
    call_command("issue_key", login="ona", taxpayer=taxpayer.code, rights="isaf.view,isaf.upload")
    plain = capsys.readouterr().out.strip()
    assert _probe(plain, taxpayer.code) == (200, "")
    assert ApiKey.objects.get().rights == ["isaf.upload", "isaf.view"]


@pytest.mark.parametrize("rights", ["isaf.view,isaf.all", "isaf.submit"])
def test_the_command_gives_nothing_beyond_the_mandate(rights: str) -> None:
    user, taxpayer = make_user("ona"), make_taxpayer()
    make_grant(user, taxpayer, "isaf.view", "keys.manage")
    with pytest.raises(CommandError):
        call_command("issue_key", login="ona", taxpayer=taxpayer.code, rights=rights)
    assert not ApiKey.objects.exists()
