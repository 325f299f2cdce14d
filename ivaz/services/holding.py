"""From a record's content to what a waybill keeps beside it: times, plates, parties."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from stdnum import luhn

from imas.kernel import clock
from imas.kernel.workdays import working_days_after
from imas.web.prepared import Prepared
from intake.models import Document
from ivaz.models import Waybill, WaybillParty
from ivaz.rules import UNKNOWN, moment, plate
from ivaz.terms import number_key, terms_of
from ivaz.types import Content, Role

CLOSES_AFTER = 5
"""Working days after the arrival in which a consignee speaks and data are corrected (VMI KD-8530,
KD-8536)."""

_TAXPAYERS = Prepared(
    "ivaz_taxpayers",
    "SELECT code, id FROM representation_taxpayer WHERE code = ANY (%(codes)s::text[])",
    {"codes": "text[]"},
)

_NEW_NUMBERS = """
    SELECT nextval(pg_get_serial_sequence('ivaz_waybill', 'id')), nextval('ivaz_rn')
      FROM generate_series(1, %s)
"""

_NAMED = {
    "Consignor": Role.CONSIGNOR,
    "Transporter": Role.TRANSPORTER,
    "Consignee": Role.CONSIGNEE,
}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who acts: the taxpayer, the person for him (None for a program of his), by which file.

    `pressed_at`: when it was done on a phone that had no signal, as the phone tells it.
    """

    taxpayer_id: int
    code: str
    user_id: int | None
    document: Document | None = None
    pressed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a waybill keeps of its content beside it; no day (`dated`) where that tells none."""

    number: str
    number_key: str
    dated: date | None
    dispatch_at: datetime
    arrival_at: datetime
    plates: Sequence[str]
    due_on: date


def kept_of(content: Content) -> Kept:
    """Return what a waybill keeps of its content."""
    dispatch = moment(content["TimeOfDispatch"])
    told = content.get("EstimatedTimeOfArrival")
    dated = content.get("LocalTransportDocumentDate")
    arrival = moment(told) if told else _end_of_day(dispatch)
    number = content["LocalTransportDocumentNumber"]
    return Kept(
        number=number,
        number_key=number_key(number),
        dated=date.fromisoformat(dated[:10]) if dated else None,
        dispatch_at=dispatch,
        arrival_at=arrival,
        plates=plates_of(content),
        due_on=due_day(arrival),
    )


def describe(waybill: Waybill, content: Content) -> None:
    """Set what a waybill keeps of its content; its day stays where the content tells none."""
    kept = kept_of(content)
    waybill.content = dict(content)
    waybill.number = kept.number
    waybill.number_key = kept.number_key
    waybill.dated = kept.dated or waybill.dated
    waybill.dispatch_at = kept.dispatch_at
    waybill.arrival_at = kept.arrival_at
    waybill.plates = list(kept.plates)
    waybill.due_on = kept.due_on


def words_of(content: Content, numbers: Iterable[str], taxpayer_ids: Iterable[int]) -> str:
    """Return the words a waybill is found by, those of its parties among them, for `terms`.

    `numbers`: its RN, its number, the preparer's id of it, its plates.
    """
    # Words of plain letters and digits: the type reads them as they are, separated by blanks.
    return " ".join(terms_of(content, numbers, taxpayer_ids))


def due_day(arrival: datetime) -> date:
    """Return the last day on which the consignee may speak."""
    return working_days_after(arrival.astimezone(clock.VILNIUS).date(), CLOSES_AFTER)


def plates_of(content: Content) -> list[str]:
    """Return the plates of vehicles and trailers as they are looked for."""
    means = (content.get("Transporter") or {}).get("TransportMeans") or []
    told = (plate(mean["IdentityOfTransportUnits"]) for mean in means)
    return list(dict.fromkeys(one for one in told if one not in {"", UNKNOWN}))


def codes_of(contents: Iterable[Content]) -> set[str]:
    """Return the codes of everybody named."""
    return {
        party["RegistrationNumber"]
        for content in contents
        for name in _NAMED
        if (party := content.get(name)) and party.get("RegistrationNumber")
    }


def taxpayers_by_code(codes: Collection[str]) -> Mapping[str, int]:
    """Return the ids of registered taxpayers by code."""
    return dict(_TAXPAYERS.rows({"codes": [*set(codes) - {UNKNOWN}]}))


def roles_by_taxpayer(
    preparer_id: int, content: Content, known: Mapping[str, int]
) -> dict[int, list[str]]:
    """Return the registered taxpayers of a waybill, its preparer first, with their roles."""
    roles: dict[int, list[str]] = {preparer_id: [Role.PREPARER]}
    for name, role in _NAMED.items():
        party: Mapping[str, Any] = content.get(name) or {}
        if taxpayer_id := known.get(party.get("RegistrationNumber", "")):
            roles.setdefault(taxpayer_id, []).append(role)
    return roles


def parties_of(waybill: Waybill, known: Mapping[str, int]) -> list[WaybillParty]:
    """Return the parties of a waybill, not saved."""
    return [
        WaybillParty(
            waybill=waybill,
            taxpayer_id=taxpayer_id,
            roles=held,
            dispatch_at=waybill.dispatch_at,
        )
        for taxpayer_id, held in roles_by_taxpayer(
            waybill.preparer_id, waybill.content, known
        ).items()
    ]


def roles_of(waybill: Waybill, sender: Sender) -> frozenset[Role]:
    """Return who the sender is in a waybill, as its content stands now."""
    sent = {sender.code: sender.taxpayer_id}
    held = roles_by_taxpayer(waybill.preparer_id, waybill.content, sent)
    return frozenset(Role(role) for role in held.get(sender.taxpayer_id, ()))


def new_numbers(count: int) -> list[tuple[int, str]]:
    """Take so many keys of waybills and registration numbers; one statement.

    A registration number is the year, a running number, a check digit.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEW_NUMBERS, [count])
        taken = cursor.fetchall()
    year = f"{clock.today():%y}"
    return [(key, _rn(f"{year}{number:09}")) for key, number in taken]


def _rn(digits: str) -> str:
    return f"IV{digits}{luhn.calc_check_digit(digits)}"


@lru_cache(maxsize=1024)
def _end_of_day(moment_: datetime) -> datetime:
    day = moment_.astimezone(clock.VILNIUS).date()
    end = datetime.combine(day, time(23, 59), clock.VILNIUS)
    return max(end, moment_ + timedelta(minutes=1))
