"""Another vehicle or driver on the road is told with its reason."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imas.kernel.errors import ForbiddenError, NotFoundError, UnprocessableError
from ivaz.models import Waybill, WaybillEvent
from ivaz.services.reloading import Reload, reload
from ivaz.types import Act, ReloadReason, Role, Section
from representation.models import JournalEntry, Taxpayer
from tests import make
from tests.ivaz.records import cancellation, codes, issued, named, party, say, waybill
from tests.ivaz.test_pages import browser

pytestmark = pytest.mark.django_db

MEANS = {"TransportMeans": [{"IdentityOfTransportUnits": "NEW 001"}]}


@pytest.fixture
def rn(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> str:
    return issued(consignor, waybill(consignor, transporter, consignee))


def _program(taxpayer: Taxpayer) -> Client:
    head = make.make_user()
    make.make_headship(head, taxpayer)
    _key, plain = make.make_api_key(head, taxpayer)
    return Client(headers={"authorization": f"Bearer {plain}", "x-taxpayer": taxpayer.code})


def test_all_parties_see_why_and_the_journal_tells(
    transporter: Taxpayer, consignor: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    sent = {
        "plate": "NEW 001", "model": "MAN", "trailer": "", "driver": "", "surname": "",
        "reason": "other", "explanation": "Kelias užlietas",
    }  # fmt: skip
    url = reverse("ivaz:waybill-reload", args=[rn])
    assert browser(transporter).post(url, sent).status_code == 302
    event = WaybillEvent.objects.get(act=Act.RELOAD)
    assert (event.role, event.details["reason"]) == (Role.TRANSPORTER, "other")
    assert Waybill.objects.get(rn=rn).plates == ["NEW001"]
    for one in (consignor, transporter, consignee):
        page = browser(one).get(reverse("ivaz:waybill", args=[rn])).content.decode()
        assert "Kelias užlietas" in page
    told = JournalEntry.objects.get(action="ivaz.reloaded")
    assert (told.taxpayer, told.subject, told.params) == (transporter, rn, {"reason": "other"})


def test_the_page_asks_why(transporter: Taxpayer, rn: str) -> None:
    client = browser(transporter)
    url = reverse("ivaz:waybill-reload", args=[rn])
    sent = {"plate": "NEW 001"}
    assert client.post(url, sent).context["form"].errors.keys() == {"reason"}
    another = client.post(url, {**sent, "reason": "other", "explanation": " "})
    assert another.context["form"].errors.keys() == {"explanation"}
    assert Waybill.objects.get(rn=rn).version == 1


def test_programs_tell_the_reason_beside_the_vehicle(
    transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    url = reverse("api-ivaz-waybill-reload", args=[rn])
    client = _program(transporter)

    def answer(body: dict[str, Any], who: Client = client) -> Any:
        return who.post(url, body, content_type="application/json")

    assert answer(MEANS).status_code == 400
    assert answer({**MEANS, "reason": "bored"}).status_code == 400
    assert answer({"reason": "driver"}).status_code == 400
    assert answer({**MEANS, "reason": "other"}).status_code == 422
    driver = {"Drivers": [{"Name": "Ona", "Surname": "Vairė"}], "reason": "driver"}
    assert answer(driver).json()["is_taken"]
    content = Waybill.objects.get(rn=rn).content["Transporter"]
    assert content["Drivers"] == [{"Name": "Ona", "Surname": "Vairė"}]
    assert content["TransportMeans"][0]["IdentityOfTransportUnits"] == "ABC 123"
    events = _program(consignee).get(reverse("api-ivaz-waybill", args=[rn])).json()["events"]
    assert events[0]["details"]["reason"] == "driver"
    (refusal,) = answer({**MEANS, "reason": "breakdown"}, _program(consignee)).json()["problems"]
    assert refusal["code"] == "ivaz.not-yours"
    wrong = answer({"TransportMeans": [{"Plate": "X"}], "reason": "first"}).json()
    assert not wrong["is_taken"]
    assert Waybill.objects.get(rn=rn).version == 2


def test_a_file_has_no_element_for_it(transporter: Taxpayer, rn: str) -> None:
    changed = {**(party(transporter) or {}), **MEANS}
    assert codes(*say(transporter, Section.AMENDMENT, {**named(rn), "Transporter": changed})) == []
    assert "reason" not in WaybillEvent.objects.get(act=Act.RELOAD).details


def test_it_is_refused_as_an_amendment_is(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    acting = make.make_acting(taxpayer=transporter)
    told = Reload(MEANS, ReloadReason.BREAKDOWN)
    with pytest.raises(NotFoundError, match="waybill-not-found"):
        reload(make.make_acting(taxpayer=make.make_taxpayer()), rn, told)
    with pytest.raises(ForbiddenError, match="right-missing"):
        reload(make.make_acting("ivaz.view", taxpayer=transporter), rn, told)
    with pytest.raises(UnprocessableError, match="reload-unexplained"):
        reload(acting, rn, Reload(MEANS, ReloadReason.OTHER, "  "))
    say(consignor, Section.CANCELLATION, cancellation(rn))
    assert codes(reload(acting, rn, told)) == ["ivaz.state"]
    assert not JournalEntry.objects.filter(action="ivaz.reloaded").exists()
