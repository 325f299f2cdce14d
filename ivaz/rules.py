"""What a record must keep beyond the schema; pure, each problem with its place.

Source: the documentation of the format's elements and VMI's published answers (docs/ivaz/rules.md
names one for each code).
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from imas.kernel.clock import VILNIUS
from imas.kernel.problems import Place, Problem, Severity
from ivaz.types import MOST_LINES, WAYBILLS, Conclusion, Content, Reason, Receipt, Record, Section

UNKNOWN = "ND"
"""Written where a value is not known."""

EARLIEST = timedelta(days=7)
"""A waybill is submitted so long before its dispatch at the most."""

_CODES = {
    "Country": ("ivaz.country", re.compile(r"[A-Z]{2}")),
    "Currency": ("ivaz.currency", re.compile(r"[A-Z]{3}")),
}
_PARTIES = ("Consignor", "Consignee", "Transporter")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules ask of the world: the moment of submission, and which codes are registered.

    `is_excused` tells of a late waybill and its dispatch whether it is taken all the same: it was
    announced by a.VAZ, or falls within an outage.
    """

    now: datetime
    is_known: Callable[[str], bool]
    is_excused: Callable[[Record, datetime], bool] = lambda _record, _dispatch: False


def problems_of(record: Record, facts: Facts) -> Iterator[Problem]:
    """Yield what is wrong with a record that the schema accepts."""
    place = _Placer(record)
    content = record.content
    if record.section in WAYBILLS:
        yield from _times(content, place, facts)
    yield from _order_of_times(content, place)
    yield from _parties(content, place, facts)
    yield from _values_if_any(content, place)
    if record.section is Section.SPLIT:
        for at, split in enumerate(_listed(content, "TransportDocumentSplits")):
            inner = f"TransportDocumentSplits/TransportDocumentSplit[{at + 1}]/"
            yield from _goods(split, place, inner)
    elif record.section is Section.RECEIPT:
        yield from _receipt(content, place)
    elif record.section is Section.CANCELLATION:
        yield from _cancellation(content, place)
    elif record.section is Section.AMENDMENT and set(content) <= {"TransportDocumentUID"}:
        yield place.problem("ivaz.nothing-changed", "")
    if "DeliveryData" in content:
        yield from _goods(content, place)


@lru_cache(maxsize=1024)
def moment(text: str) -> datetime:
    """Return a time of a file; one without a zone is of Lithuania."""
    at_the_end = "T24:" in text  # XML Schema lets a day end so, Python does not
    found = datetime.fromisoformat(text.strip().replace("T24:", "T00:"))
    found += timedelta(days=int(at_the_end))
    return found if found.tzinfo else found.replace(tzinfo=VILNIUS)


def quantity(text: Any) -> Decimal:
    """Return a quantity of a file."""
    return Decimal(str(text).strip())


def plate(text: str) -> str:
    """Return a plate as it is compared: capitals and digits alone."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


@dataclass(frozen=True, slots=True)
class _Placer:
    record: Record

    def problem(
        self,
        code: str,
        path: str,
        value: str = "",
        *,
        severity: Severity = Severity.ERROR,
        **params: str,
    ) -> Problem:
        record = self.record
        number = record.number or record.uid or record.rn
        place = Place(line=record.line or None, path=path, invoice_no=number)
        return Problem(code, severity, place, value[:100], params)


def _times(content: Content, place: _Placer, facts: Facts) -> Iterator[Problem]:
    dispatch = moment(content["TimeOfDispatch"])
    day = facts.now.astimezone(VILNIUS).date()
    if dispatch.astimezone(VILNIUS).date() - EARLIEST > day:
        yield place.problem(
            "ivaz.too-early", "TimeOfDispatch", content["TimeOfDispatch"], days=str(EARLIEST.days)
        )
    if dispatch < facts.now and not facts.is_excused(place.record, dispatch):
        yield place.problem("ivaz.after-dispatch", "TimeOfDispatch", content["TimeOfDispatch"])
    told = content.get("LocalTransportDocumentDate")
    if told and date.fromisoformat(told[:10]) > day:
        yield place.problem("ivaz.dated-ahead", "LocalTransportDocumentDate", told)


def _order_of_times(content: Content, place: _Placer) -> Iterator[Problem]:
    dispatch, arrival = content.get("TimeOfDispatch"), content.get("EstimatedTimeOfArrival")
    if dispatch and arrival and moment(arrival) < moment(dispatch):
        yield place.problem("ivaz.arrival-before-dispatch", "EstimatedTimeOfArrival", arrival)


def _parties(content: Content, place: _Placer, facts: Facts) -> Iterator[Problem]:
    for name in _PARTIES:
        party = content.get(name)
        if not party:
            continue
        code = party.get("RegistrationNumber", "")
        address = "TransporterAddress" if name == "Transporter" else "Address"
        if address not in party and (code == UNKNOWN or not facts.is_known(code)):
            yield place.problem("ivaz.address-missing", f"{name}/{address}", code, party=name)
    consignor, consignee = content.get("Consignor"), content.get("Consignee")
    if consignor and consignee:
        code = consignor.get("RegistrationNumber")
        if code == consignee.get("RegistrationNumber") and code != UNKNOWN:
            path = "Consignee/RegistrationNumber"
            yield place.problem("ivaz.own-goods", path, str(code), severity=Severity.WARNING)


def _values_if_any(content: Content, place: _Placer) -> Iterator[Problem]:
    return _values(content, place) if _names_codes(content) else iter(())


def _names_codes(content: Content) -> bool:
    """Tell whether there is anything for `_values`: in most records there is not."""
    groups: list[Any] = [content]
    for group in groups:  # it grows by what stands inside
        if isinstance(group, dict):
            if "Country" in group or "Currency" in group:
                return True
            inside: Iterable[Any] = group.values()
        else:
            inside = group or ()
        groups += [one for one in inside if not isinstance(one, str)]
    return False


def _values(content: Any, place: _Placer, path: str = "") -> Iterator[Problem]:
    """Look through all values for codes of countries and currencies."""
    if isinstance(content, list):
        for at, value in enumerate(content):
            yield from _values(value, place, f"{path}[{at + 1}]")
    elif isinstance(content, dict):
        for name, value in content.items():
            inner = f"{path}/{name}" if path else name
            if isinstance(value, dict | list):
                yield from _values(value, place, inner)
            elif name in _CODES:
                yield from _code(name, value, place, inner)
        if "Currency" in content and content.get("PaymentValue", "") is None:
            yield place.problem("ivaz.currency-alone", f"{path}/Currency", content["Currency"])


def _code(name: str, value: str | None, place: _Placer, path: str) -> Iterator[Problem]:
    code, form = _CODES[name]
    if value and not form.fullmatch(value):
        yield place.problem(code, path, value)


def _goods(content: Content, place: _Placer, path: str = "") -> Iterator[Problem]:
    lines = _listed(content.get("DeliveryData") or {}, "Products")
    if len(lines) > MOST_LINES:
        yield place.problem(
            "ivaz.too-many-lines", f"{path}DeliveryData/Products", str(len(lines)),
            limit=str(MOST_LINES),
        )  # fmt: skip
    seen: set[int] = set()
    for at, line in enumerate(lines):
        number = int(line["ProductLineNumber"])
        if number <= 0 or number in seen:
            where = f"{path}DeliveryData/Products/Product[{at + 1}]/ProductLineNumber"
            yield place.problem("ivaz.line-number", where, line["ProductLineNumber"])
        seen.add(number)
        if quantity(line["Quantity"]) <= 0:
            where = f"{path}DeliveryData/Products/Product[{at + 1}]/Quantity"
            yield place.problem("ivaz.quantity", where, line["Quantity"])


def _receipt(content: Content, place: _Placer) -> Iterator[Problem]:
    by, conclusion = Receipt(content["ReceiptType"]), Conclusion(content["ReceivedCargoConclusion"])
    if by is Receipt.BY_TRANSPORTER and conclusion not in {
        Conclusion.SATISFACTORY,
        Conclusion.UNSATISFACTORY,
    }:
        yield place.problem("ivaz.conclusion", "ReceivedCargoConclusion", conclusion)
    lines = _listed(content, "ProductsInfo")
    if conclusion is Conclusion.PARTLY_REFUSED and not any("RefusedAmount" in one for one in lines):
        yield place.problem("ivaz.refused-missing", "ProductsInfo", "")
    for at, line in enumerate(lines):
        refused = line.get("RefusedAmount")
        if refused is not None and quantity(refused) <= 0:
            path = f"ProductsInfo/ProductInfo[{at + 1}]/RefusedAmount"
            yield place.problem("ivaz.quantity", path, refused)


def _cancellation(content: Content, place: _Placer) -> Iterator[Problem]:
    if content["CancellationReason"] == Reason.OTHER and not content.get("AdditionalInfo"):
        yield place.problem("ivaz.reason-missing", "AdditionalInfo", "")


def unknown_lines(content: Content, known: Collection[int]) -> list[int]:
    """Return the numbers of lines a receipt or a split names that the waybill does not have."""
    named = [
        *_listed(content, "ProductsInfo"),
        *(
            line
            for split in _listed(content, "TransportDocumentSplits")
            for line in _listed(split.get("DeliveryData") or {}, "Products")
        ),
    ]
    return sorted({int(line["ProductLineNumber"]) for line in named} - set(known))


def _listed(content: Content, name: str) -> Sequence[Any]:
    found = content.get(name)
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()
