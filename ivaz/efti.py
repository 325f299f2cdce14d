"""What an eFTI gate keeps of a waybill: the identifiers by which an authority finds its data.

Regulation (EU) 2020/1056. Which element holds what is our reading of the reference gate's schema
(docs/ivaz/efti.md); no gate was tried.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from lxml import etree

from ivaz.forms.content import address_text, listed
from ivaz.models import Waybill, WaybillEvent
from ivaz.rules import UNKNOWN, plate
from ivaz.types import Act, Conclusion, Content

NAMESPACE = "http://efti.eu/v1/consignment/identifier"
ROAD = "3"
"""Code of the mode of transport (UNECE Recommendation 19)."""
TRAILER = "TE"
"""Category of equipment (UN/EDIFACT 8053)."""

_MINUTE = "205"
"""Format of a moment: year to minute with its zone (UN/EDIFACT 2379)."""
_TRAILERS = frozenset({"PRIEKABA", UNKNOWN})
"""What the format has written for the make of a trailer."""


class MeansKind(StrEnum):
    """What carries the goods."""

    VEHICLE = "vehicle"
    TRAILER = "trailer"


@dataclass(frozen=True, slots=True)
class Means:
    """A vehicle or a trailer by its plate; the format does not tell its country."""

    plate: str
    kind: MeansKind


@dataclass(frozen=True, slots=True)
class Stop:
    """Where goods are loaded or unloaded, and when that is planned; the country where told."""

    address: str
    country: str | None
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The identifiers of a waybill; `dataset_id` is the same for all its versions.

    `accepted_at` is planned (the dispatch) until the carrier has taken the goods over.
    `delivered_at` is when they were said to be delivered or received.
    """

    dataset_id: UUID
    rn: str
    version: int
    accepted_at: datetime
    is_accepted: bool
    delivered_at: datetime | None
    means: Sequence[Means]
    loading: Stop
    unloading: Stop
    dangerous_goods: Sequence[str]
    mode_code: str = ROAD


def identifiers_of(waybill: Waybill, events: Iterable[WaybillEvent]) -> Identifiers:
    """Return the identifiers of a waybill as it stands."""
    content = waybill.content
    moments = {event.act: event.at for event in events if not _is_refusal(event)}
    accepted = moments.get(Act.ACCEPT)
    load = (content.get("ShipFrom") or {}).get("LoadAddress")
    unload = (content.get("ShipTo") or {}).get("UnloadAddress")
    return Identifiers(
        dataset_id=uuid5(NAMESPACE_URL, f"urn:ivaz:waybill:{waybill.rn}"),
        rn=waybill.rn,
        version=waybill.version,
        accepted_at=accepted or waybill.dispatch_at,
        is_accepted=accepted is not None,
        delivered_at=moments.get(Act.DELIVER) or moments.get(Act.RECEIVE),
        means=list(_means(content)),
        loading=_stop(load, waybill.dispatch_at),
        unloading=_stop(unload, waybill.arrival_at),
        dangerous_goods=listed(content.get("DeliveryData") or {}, "ClassesAndNumbers"),
    )


def xml_of(found: Identifiers) -> bytes:
    """Return the body of PUT …/consignments/{datasetId}: what the gate's schema has room for."""
    root = etree.Element(_name("consignment"), nsmap={None: NAMESPACE})
    _moment(root, "carrierAcceptanceDateTime", found.accepted_at)
    if found.delivered_at:
        delivery = etree.SubElement(root, _name("deliveryEvent"))
        _moment(delivery, "actualOccurrenceDateTime", found.delivered_at)
    vehicles = [one for one in found.means if one.kind is MeansKind.VEHICLE]
    for vehicle in vehicles or (None,):
        movement = etree.SubElement(root, _name("mainCarriageTransportMovement"))
        is_dangerous = "true" if found.dangerous_goods else "false"
        etree.SubElement(movement, _name("dangerousGoodsIndicator")).text = is_dangerous
        etree.SubElement(movement, _name("modeCode")).text = ROAD
        if vehicle is not None:
            used = etree.SubElement(movement, _name("usedTransportMeans"))
            etree.SubElement(used, _name("id")).text = vehicle.plate
    trailers = [one for one in found.means if one.kind is MeansKind.TRAILER]
    for at, trailer in enumerate(trailers, start=1):
        equipment = etree.SubElement(root, _name("usedTransportEquipment"))
        etree.SubElement(equipment, _name("categoryCode")).text = TRAILER
        etree.SubElement(equipment, _name("id")).text = trailer.plate
        etree.SubElement(equipment, _name("sequenceNumber")).text = str(at)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _is_refusal(event: WaybillEvent) -> bool:
    return bool(event.details.get("ReceivedCargoConclusion") == Conclusion.REFUSED)


def _means(content: Content) -> Iterator[Means]:
    found = (content.get("Transporter") or {}).get("TransportMeans") or []
    for at, one in enumerate(found):
        told = plate(one["IdentityOfTransportUnits"])
        make = (one.get("MarqueModelTransportUnits") or "").strip().upper()
        # A vehicle of which nothing is known bears the same "ND", so the first is none by that.
        is_trailer = make == "PRIEKABA" or (at > 0 and make in _TRAILERS)
        if told not in {"", UNKNOWN}:
            yield Means(told, MeansKind.TRAILER if is_trailer else MeansKind.VEHICLE)


def _stop(address: Content | None, planned_at: datetime) -> Stop:
    """Return a place; the format has LT where an address in parts tells no country."""
    parts = (address or {}).get("Address")
    country = (parts.get("Country") or "LT") if isinstance(parts, Mapping) else None
    return Stop(address_text(address), country, planned_at)


def _moment(parent: etree._Element, name: str, at: datetime) -> None:
    element = etree.SubElement(parent, _name(name), formatId=_MINUTE)
    element.text = f"{at.astimezone(UTC):%Y%m%d%H%M}+0000"


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"
