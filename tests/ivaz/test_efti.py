"""The identifiers of a waybill as an eFTI gate would take them."""

from datetime import datetime
from typing import Any

import pytest
from lxml import etree

from imas.kernel import clock, xml
from ivaz import selectors
from ivaz.efti import NAMESPACE, Identifiers, MeansKind, identifiers_of, xml_of
from ivaz.models import Waybill
from ivaz.types import Section
from representation.models import Taxpayer
from tests import make
from tests.ivaz.records import issued, party, receipt, say, waybill
from tests.ivaz.test_rest import program

pytestmark = pytest.mark.django_db

IN_PARTS = {"Address": {"StreetName": "ND", "HouseNumber": "ND", "City": "Rīga", "PostalCode": "ND",
                        "Country": "LV"}}  # fmt: skip


def _content(consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer) -> dict[str, Any]:
    means = [("KLP 418", "Volvo FH"), ("AB 111", "Priekaba"), ("AB 222", "ND")]
    carrier = {
        **(party(transporter) or {}),
        "TransportMeans": [
            {"IdentityOfTransportUnits": plate, "MarqueModelTransportUnits": make_}
            for plate, make_ in means
        ],
    }
    content = waybill(consignor, transporter, consignee, Transporter=carrier)
    content["ShipTo"] = {"UnloadAddress": IN_PARTS}
    content["DeliveryData"]["ClassesAndNumbers"] = ["3 UN 1263"]
    return content


def _found(rn: str) -> Identifiers:
    kept = Waybill.objects.get(rn=rn)
    return identifiers_of(kept, selectors.events_of(kept))


def test_plates_places_and_moments_are_told(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    rn = issued(consignor, _content(consignor, transporter, consignee))
    found, kept = _found(rn), Waybill.objects.get(rn=rn)
    assert [(one.plate, one.kind) for one in found.means] == [
        ("KLP418", MeansKind.VEHICLE),
        ("AB111", MeansKind.TRAILER),
        ("AB222", MeansKind.TRAILER),
    ]
    assert (found.loading.country, found.unloading.country) == (None, "LV")
    assert (found.loading.planned_at, found.unloading.planned_at) == (
        kept.dispatch_at,
        kept.arrival_at,
    )
    assert (found.accepted_at, found.is_accepted) == (kept.dispatch_at, False)
    assert (found.delivered_at, found.dangerous_goods) == (None, ["3 UN 1263"])


def test_what_carrier_and_consignee_said_becomes_moments_and_the_id_stays(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    rn = issued(consignor, _content(consignor, transporter, consignee))
    before = _found(rn)
    say(transporter, Section.RECEIPT, receipt(rn, by="1"))
    accepted = _found(rn)
    assert accepted.is_accepted
    assert accepted.accepted_at <= clock.now()
    say(consignee, Section.RECEIPT, receipt(rn, conclusion="3"))
    assert _found(rn).delivered_at is None  # refused
    other = issued(consignor, waybill(consignor, transporter, consignee, uid="L-2"))
    say(consignee, Section.RECEIPT, receipt(other))
    assert isinstance(_found(other).delivered_at, datetime)
    assert _found(rn).dataset_id == before.dataset_id != _found(other).dataset_id


def test_the_xml_has_the_elements_of_the_gate_in_their_order(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    rn = issued(consignor, _content(consignor, transporter, consignee))
    say(consignee, Section.RECEIPT, receipt(rn))
    root = xml.parse(xml_of(_found(rn)))
    assert root.tag == f"{{{NAMESPACE}}}consignment"
    told = [
        (etree.QName(one).localname, one.text)
        for one in root.iter(etree.Element)
        if not len(one) and "DateTime" not in str(one.tag)
    ]
    assert told == [
        ("dangerousGoodsIndicator", "true"),
        ("modeCode", "3"),
        ("id", "KLP418"),
        ("categoryCode", "TE"),
        ("id", "AB111"),
        ("sequenceNumber", "1"),
        ("categoryCode", "TE"),
        ("id", "AB222"),
        ("sequenceNumber", "2"),
    ]
    assert [etree.QName(one).localname for one in root] == [
        "carrierAcceptanceDateTime",
        "deliveryEvent",
        "mainCarriageTransportMovement",
        "usedTransportEquipment",
        "usedTransportEquipment",
    ]
    moment = root[0]
    assert moment.get("formatId") == "205"
    told_at = datetime.strptime(moment.text or "", "%Y%m%d%H%M%z")
    assert told_at == Waybill.objects.get(rn=rn).dispatch_at.replace(second=0)


def test_a_waybill_without_a_plate_has_a_movement_all_the_same(
    consignor: Taxpayer, transporter: Taxpayer
) -> None:
    carrier = {
        **(party(transporter) or {}),
        "TransportMeans": [{"IdentityOfTransportUnits": "ND"}],
    }
    rn = issued(consignor, waybill(consignor, transporter, None, Transporter=carrier))
    root = xml.parse(xml_of(_found(rn)))
    (movement,) = root.iterfind(f"{{{NAMESPACE}}}mainCarriageTransportMovement")
    assert [etree.QName(one).localname for one in movement] == [
        "dangerousGoodsIndicator",
        "modeCode",
    ]


def test_a_party_takes_them_by_rest(
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer
) -> None:
    rn = issued(consignor, _content(consignor, transporter, consignee))
    client = program(consignee)
    told = client.get(f"/api/v1/ivaz/waybills/{rn}/efti").json()
    assert told["dataset_id"] == str(_found(rn).dataset_id)
    assert told["means"][1] == {"plate": "AB111", "kind": "trailer"}
    assert told["unloading"]["country"] == "LV"
    given = client.get(f"/api/v1/ivaz/waybills/{rn}/efti/xml")
    assert given["Content-Type"] == "application/xml"
    assert xml.parse(given.content).tag == f"{{{NAMESPACE}}}consignment"
    stranger = program(make.make_taxpayer())
    assert stranger.get(f"/api/v1/ivaz/waybills/{rn}/efti").status_code == 404
