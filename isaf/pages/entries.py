"""What the pages of entering by hand show beside the form: findings at their fields, fills."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.urls import reverse

from imas.kernel.errors import ThrottledError, UnprocessableError
from imas.kernel.periods import Period
from imas.kernel.problems import Problem
from imas.web.choices import Choice, choice
from imas.web.fields import AmountField
from intake.presenting import ShownProblem, shown
from isaf.entered import Record, follows, totals_of
from isaf.records import RecordForm
from isaf.selectors.entries import SheetShown, known_parties
from isaf.types import NOT_KNOWN, Invoice, RegisterType, match_key
from isaf.words.registers import REGISTERS
from representation.attempts import spend_look_ups
from representation.registers import published
from representation.registers.published import Published
from representation.types import Acting

KIND = "isaf"
_LEAST = 3
_REMEMBERED = 600
_FIELDS: Mapping[str, str] = {
    "InvoiceNo": "number",
    "InvoiceDate": "issued",
    "InvoiceType": "kind",
    "SpecialTaxation": "special",
    "References": "references-0-number",
    "VATPointDate": "vat_point",
    "RegistrationAccountDate": "registered",
    "SettlementRefNo": "number",
    "SettlementDate": "issued",
    "SettlementType": "kind",
    "VATRegistrationNumber": "party_vat",
    "RegistrationNumber": "party_code",
    "CustomerID": "party_vat",
    "SupplierID": "party_vat",
    "SupplierCustomerID": "party_vat",
    "Country": "party_country",
    "Name": "party_name",
}
_IN_TOTALS: Mapping[str, str] = {
    "TaxCode": "code",
    "TaxableValue": "taxable",
    "TaxPercentage": "rate",
    "Amount": "amount",
}
_TOTAL = re.compile(r"DocumentTotal\[(\d+)\]/(\w+)$")
_SETTLED = re.compile(r"ReferenceToInvoice\[(\d+)\]/(\w+)$")


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """A finding in words and the id of the field it is about."""

    shown: ShownProblem
    field: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a record: its sums in euros and the findings.

    Of a single invoice of several sellers (`is_shared`) the sums are those of the own share.
    """

    taxable: Decimal
    vat: Decimal
    problems: Sequence[PlacedProblem]
    is_shared: bool

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.taxable + self.vat


def verdict_of(record: Record, problems: Sequence[Problem], *, is_shared: bool) -> Verdict:
    """Return what to say of a record."""
    placed = [PlacedProblem(shown(KIND, one), field_of(one)) for one in problems]
    return Verdict(*totals_of(record), placed, is_shared)


def fills_of(record: Record, lines: Sequence[int]) -> list[tuple[str, str]]:
    """Return the rate and the VAT that follow in each total row, by the ids of their fields.

    `record` is as typed, and `lines` are the lines of its form that its rows stand in. The page
    puts the values where nothing stands, or what it has put there itself.
    """
    if not isinstance(record, Invoice):
        return []
    return [
        (f"id_rows-{index}-{name}", f"{AmountField().prepare_value(value)}")
        for index, found in zip(lines, follows(record), strict=True)
        for name, value in (("rate", found.rate), ("amount", found.amount))
        if value is not None
    ]


def field_of(problem: Problem) -> str:
    """Return the id of the field a finding is about, the number's where no field says it."""
    path = problem.place.path
    if found := _TOTAL.search(path):
        return f"id_rows-{int(found[1]) - 1}-{_IN_TOTALS.get(found[2], 'code')}"
    if found := _SETTLED.search(path):
        return f"id_invoices-{int(found[1]) - 1}-number"
    return f"id_{_FIELDS.get(path.rpartition('/')[2], 'number')}"


def look_up_party(acting: Acting, form: RecordForm) -> Published | None:
    """Return who the registers say the typed code is; None where they do not, or asked too often.

    Asked of the fields that are right, whatever is wrong in others. A record is judged many times
    while it is typed, so an answer is remembered for some minutes. A look-up here helps and
    decides nothing: one too many is left out rather than refused.
    """
    asked = form.cleaned_data
    vat, code = asked.get("party_vat", ""), asked.get("party_code", "")
    if not (vat or code) or vat == NOT_KNOWN:
        return None
    on = asked.get("issued") or form.period.end
    key = f"isaf.party.{match_key(vat, code, f'{on}')}"
    found: list[Published] | None = cache.get(key)
    if found is None:
        try:
            spend_look_ups(f"user-{acting.user_id}")
        except ThrottledError:
            return None
        found = published.by_vat(vat, on) if vat else published.by_code(code, on)
        cache.set(key, found, _REMEMBERED)
    return found[0] if len(found) == 1 else None


def parties_like(acting: Acting, text: str, on: date) -> list[Choice]:
    """Return parties to choose from: those entered before, then those of the registers."""
    text = text.strip()
    if len(text) < _LEAST:
        return []
    known = known_parties(acting, text)
    found = [_choice(**party) for party in known]
    spend_look_ups(f"user-{acting.user_id}")
    try:
        told = published.like(text, on)
    except UnprocessableError:
        return found
    codes = {party["code"] for party in known if party["code"]}
    return found + [
        _choice(vat=one.vat_code, code=one.code, country="LT", name=one.name)
        for one in told
        if one.code not in codes or not one.code
    ]


def tabs_of(
    sheet: SheetShown, period: Period, types: Sequence[RegisterType], current: RegisterType
) -> list[dict[str, Any]]:
    """Return the registers of a sheet as tabs with their counts."""
    return [
        {
            "url": reverse("isaf:entry", args=[period, type_]),
            "label": REGISTERS[type_],
            "count": sheet.of(type_).rows,
            "is_current": type_ is current,
        }
        for type_ in types
    ]


def _choice(*, vat: str, code: str, country: str, name: str) -> Choice:
    told = "" if vat == NOT_KNOWN else vat
    fills = {"party_vat": told, "party_code": code, "party_country": country, "party_name": name}
    return choice(name, told or code, **fills)
