"""A consignor objects to a waybill that another prepared in his name."""

import pytest
from django.urls import reverse

from imas.kernel.errors import ConflictError, ForbiddenError
from ivaz.models import Waybill, WaybillEvent
from ivaz.services.noting import object_to
from ivaz.types import Act, Role, Section, State
from mailbox.models import Message
from representation.models import Taxpayer
from tests import make
from tests.ivaz.records import cancellation, issued, say, waybill
from tests.ivaz.test_pages import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def rn(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> str:
    return issued(transporter, waybill(consignor, transporter, consignee))


def test_all_see_it_and_the_preparer_is_told(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    client = browser(consignor)
    url = reverse("ivaz:waybill-object", args=[rn])
    assert url in client.get(reverse("ivaz:waybill", args=[rn])).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "Tokio krovinio nesiuntėme"}).status_code == 302
    kept = Waybill.objects.get(rn=rn)
    assert (kept.state, kept.is_objected) == (State.SENT, True)
    assert WaybillEvent.objects.get(act=Act.OBJECT).role == Role.CONSIGNOR
    told = Message.objects.get(code="ivaz.objected")
    assert told.taxpayer == transporter
    assert told.params["reason"] == "Tokio krovinio nesiuntėme"
    page = browser(consignee).get(reverse("ivaz:waybill", args=[rn])).content.decode()
    assert "Tokio krovinio nesiuntėme" in page
    assert url not in page


def test_only_the_consignor_of_another_s_waybill_objects(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    with pytest.raises(ForbiddenError, match="waybill-not-yours"):
        object_to(make.make_acting(taxpayer=transporter), rn, "?")
    own = issued(consignor, waybill(consignor, transporter, None, uid="L-9"))
    with pytest.raises(ForbiddenError, match="waybill-not-yours"):
        object_to(make.make_acting(taxpayer=consignor), own, "?")
    address = reverse("ivaz:waybill-object", args=[own])
    page = browser(consignor).get(reverse("ivaz:waybill", args=[own])).content.decode()
    assert address not in page
    say(transporter, Section.CANCELLATION, cancellation(rn))
    with pytest.raises(ConflictError, match="waybill-state"):
        object_to(make.make_acting(taxpayer=consignor), rn, "?")
