"""Waybills on pages and by REST: found, read, and what parties do to them."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from imas.kernel import xml
from ivaz.listing import WaybillQuery, waybill_page
from ivaz.models import Waybill
from ivaz.parsing.tree import XSD
from ivaz.types import Section, State
from representation.models import Taxpayer
from tests import make
from tests.isaf.test_views import client_of
from tests.ivaz.records import cancellation, issued, receipt, say, splitting, waybill

pytestmark = pytest.mark.django_db


def browser(taxpayer: Taxpayer) -> Client:
    head = make.make_user(language="lt")
    make.make_headship(head, taxpayer)
    return client_of(User.objects.get(pk=head.pk))


@pytest.fixture
def rn(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> str:
    return issued(consignor, waybill(consignor, transporter, consignee))


def test_each_party_does_its_part_on_pages(
    transporter: Taxpayer, consignee: Taxpayer, rn: str
) -> None:
    driver, clerk = browser(transporter), browser(consignee)
    page = driver.get(reverse("ivaz:waybill", args=[rn])).content.decode()
    assert "Priimti vežti" in page
    assert "Patvirtinti gavimą" not in page
    assert driver.post(reverse("ivaz:waybill-accept", args=[rn])).status_code == 302
    changed = {
        "plate": "NEW 001",
        "model": "MAN",
        "trailer": "TR 9",
        "driver": "J",
        "surname": "P",
        "reason": "breakdown",
    }
    assert driver.post(reverse("ivaz:waybill-reload", args=[rn]), changed).status_code == 302
    assert Waybill.objects.get(rn=rn).plates == ["NEW001", "TR9"]
    said = {
        "conclusion": "4", "day": "2026-11-30", "note": "Sudaužyta",
        "difference-1": "-0,5", "refused-1": "1", "difference-2": "", "refused-2": "",
    }  # fmt: skip
    assert clerk.post(reverse("ivaz:waybill-receive", args=[rn]), said).status_code == 302
    held = Waybill.objects.get(rn=rn)
    assert held.state == State.RECEIVED
    page = clerk.get(reverse("ivaz:waybill", args=[rn])).content.decode()
    assert "Iš dalies nepriimta" in page
    assert "skirtumas −0,5" in page
    assert "Transporter/TransportMeans[1]/IdentityOfTransportUnits" in page  # the versions compared


def test_goods_are_delivered_and_taken_back_on_pages(
    consignor: Taxpayer, transporter: Taxpayer, rn: str
) -> None:
    driver, clerk = browser(transporter), browser(consignor)
    assert clerk.post(reverse("ivaz:waybill-deliver", args=[rn])).status_code == 403
    assert driver.post(reverse("ivaz:waybill-deliver", args=[rn])).status_code == 302
    assert driver.post(reverse("ivaz:waybill-deliver", args=[rn])).status_code == 409
    assert Waybill.objects.get(rn=rn).state == State.DELIVERED
    assert clerk.post(reverse("ivaz:waybill-cancel", args=[rn]), {"reason": "5"}).status_code == 302
    assert "Susigrąžinti prekes" in clerk.get(reverse("ivaz:waybill", args=[rn])).content.decode()
    said = {"conclusion": "1", "day": "2026-11-30"}
    assert clerk.post(reverse("ivaz:waybill-receive", args=[rn]), said).status_code == 302
    held = Waybill.objects.get(rn=rn)
    assert held.state == State.RECEIVED
    assert held.events.order_by("-pk").values_list("act", flat=True)[0] == "retake"


def test_what_cannot_be_done_is_told(consignee: Taxpayer, consignor: Taxpayer, rn: str) -> None:
    answer = browser(consignee).post(
        reverse("ivaz:waybill-cancel", args=[rn]), {"reason": "1"}, follow=True
    )
    assert "Jūs nesate šalis" in answer.content.decode()
    answer = browser(consignor).post(
        reverse("ivaz:waybill-cancel", args=[rn]), {"reason": "2"}, follow=True
    )
    assert "Anuliuotas" in answer.content.decode()


def test_strangers_find_nothing(rn: str) -> None:
    stranger = browser(make.make_taxpayer())
    for name in ("waybill", "waybill-xml", "waybill-receive"):
        assert stranger.get(reverse(f"ivaz:{name}", args=[rn])).status_code == 404
    assert stranger.post(reverse("ivaz:waybill-accept", args=[rn])).status_code == 404
    listed = stranger.get(reverse("ivaz:waybills"), {"q": rn}).content.decode()
    assert reverse("ivaz:waybill", args=[rn]) not in listed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (WaybillQuery(), 2),
        (WaybillQuery("abc123"), 2),
        (WaybillQuery("VAZ L-1"), 1),
        (WaybillQuery("L-2"), 1),
        (WaybillQuery("nothing"), 0),
        (WaybillQuery(state="open"), 1),
        (WaybillQuery(state="cancelled"), 1),
        (WaybillQuery(role="consignee"), 0),
        (WaybillQuery(role="consignor"), 2),
    ],
)
def test_waybills_are_found(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, query: Any, found: int
) -> None:
    issued(consignor, waybill(consignor, transporter, consignee))
    other = issued(consignor, waybill(consignor, transporter, consignee, uid="L-2"))
    say(consignor, Section.CANCELLATION, cancellation(other))
    acting = make.make_acting("ivaz.view", taxpayer=consignor)
    assert len(waybill_page(acting, query).rows) == found


def test_a_page_costs_one_query(
    consignor: Taxpayer,
    transporter: Taxpayer,
    consignee: Taxpayer,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    contents = [waybill(consignor, transporter, consignee, uid=f"U{at}") for at in range(60)]
    say(consignor, Section.WAYBILL, *contents)
    acting = make.make_acting("ivaz.view", taxpayer=consignor)
    with django_assert_num_queries(1):
        page = waybill_page(acting, WaybillQuery())
        assert [party.waybill.number for party in page.rows]
    assert len(page.rows) == 50
    assert len(waybill_page(acting, WaybillQuery(), page.next).rows) == 10


def test_records_by_rest(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer, client: Client
) -> None:
    user = make.make_user()
    make.make_headship(user, consignor)
    _key, plain = make.make_api_key(user, consignor)
    headers = {"authorization": f"Bearer {plain}", "x-taxpayer": consignor.code}

    def send(body: Any, query: str = "") -> Any:
        return client.post(
            reverse("api-ivaz-records") + query,
            json.dumps(body),
            content_type="application/json",
            headers=headers,
        )

    content = waybill(consignor, transporter, consignee)
    dry = send({"TransportDocument": [content]}, "?dry_run=true").json()
    assert dry["items"][0]["is_taken"], dry
    assert not Waybill.objects.exists()
    (item,) = send({"TransportDocument": [content]}).json()["items"]
    rn = item["rn"]
    bad = {**content, "TransportDocumentUID": {"LocalTransportDocumentUID": "B"}, "Weird": 1}
    (refused,) = send({"TransportDocument": [bad]}).json()["items"]
    assert refused["problems"][0]["code"] == "ivaz.schema"
    assert "Weird" in refused["problems"][0]["message"]["lt"]
    assert send({}).status_code == 422
    assert send({"Nothing": []}).json()["code"] == "section-unknown"
    parts = splitting(rn, {"1": "10.000"}, {"2": "5.500"})
    assert send({"CargoSplitting": [parts]}).json()["items"][0]["is_taken"]
    whole = client.get(reverse("api-ivaz-waybill", args=[rn]), headers=headers).json()
    assert (whole["state"], whole["allowed"]) == ("split", ["attach"])
    assert [event["act"] for event in whole["events"]] == ["split", "issue"]
    listed = client.get(reverse("api-ivaz-waybills"), {"state": "open"}, headers=headers).json()
    assert len(listed["items"]) == 2
    text = client.get(reverse("api-ivaz-waybill-xml", args=[rn]), headers=headers).content
    assert xml.schema(XSD).validate(xml.parse(text)), etree.tostring(xml.parse(text))


def test_a_file_on_pages(consignor: Taxpayer, transporter: Taxpayer) -> None:
    clerk = browser(consignor)
    assert clerk.get(reverse("ivaz:upload")).status_code == 200
    assert clerk.get(reverse("ivaz:files")).status_code == 200
    assert clerk.get(reverse("ivaz:waybills")).status_code == 200
    assert say(transporter, Section.RECEIPT, receipt("IV0"))[0].rn == ""
