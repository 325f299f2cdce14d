"""Waybills, who is in them, what was done to them, and what became of the records of a file."""

from ivaz.models.attachments import WaybillFile
from ivaz.models.consents import EwaybillConsent
from ivaz.models.drafts import BookEntry, WaybillDraft
from ivaz.models.fallback import Disturbance, Reservation
from ivaz.models.files import RecordVerdict
from ivaz.models.roadside import RoadsideOpening, RoadsideRight, RoadsideSearch
from ivaz.models.waybills import (
    TransportOrder,
    Waybill,
    WaybillEvent,
    WaybillParty,
    WaybillVersion,
    WaybillWords,
)

__all__ = [
    "BookEntry",
    "Disturbance",
    "EwaybillConsent",
    "RecordVerdict",
    "Reservation",
    "RoadsideOpening",
    "RoadsideRight",
    "RoadsideSearch",
    "TransportOrder",
    "Waybill",
    "WaybillDraft",
    "WaybillEvent",
    "WaybillFile",
    "WaybillParty",
    "WaybillVersion",
    "WaybillWords",
]
