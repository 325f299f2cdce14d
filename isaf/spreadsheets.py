"""Spreadsheets of invoices and settlements: what their columns hold, and their lines as records.

A record is one line, or several that follow one another with the same number, day and party, one
for each VAT code or settled invoice. Lines become what the form of a record would send, so a
spreadsheet is read by the same rules as what is typed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from imas.kernel.identifiers import EU_VAT_PREFIXES, vat_prefix
from imas.kernel.money import euro
from isaf.types import RegisterType

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Columns = Mapping[str, int]
"""Field → place of its column."""

_SHARED: "dict[str, _StrPromise]" = {
    "party_vat": _("VAT code"),
    "party_code": _("Registration code"),
    "party_country": _("Country"),
    "party_name": _("Name"),
}
_INVOICE: "dict[str, _StrPromise]" = {
    "number": _("Number"),
    "issued": _("Issue date"),
    "kind": _("Document type"),
    **_SHARED,
    "rows-code": _("VAT classifier code"),
    "rows-taxable": _("Taxable value"),
    "rows-rate": _("Rate, %"),
    "rows-amount": _("VAT"),
    "vat_point": _("Date of supply, if another"),
    "registered": _("Date of entry in the accounts"),
    "references-number": _("Number of the corrected invoice"),
    "references-day": _("Date of the corrected invoice"),
}
_SETTLEMENT: "dict[str, _StrPromise]" = {
    "number": _("Payment document"),
    "issued": _("Date"),
    "kind": _("Direction"),
    **_SHARED,
    "invoices-number": _("Number of the settled invoice"),
    "invoices-day": _("Date of the settled invoice"),
    "invoices-amount": _("Taxable value"),
    "invoices-vat": _("VAT"),
}
_GUESSES: Mapping[str, tuple[str, ...]] = {
    "number": ("numeris", "saskaitos numeris", "dokumento numeris", "number", "invoiceno", "nr"),
    "issued": ("israsymo data", "saskaitos data", "data", "issue date", "date", "invoicedate"),
    "kind": ("tipas", "dokumento tipas", "type", "document type", "kryptis", "direction"),
    "party_vat": ("pvm moketojo kodas", "pvm kodas", "vat code", "vat number"),
    "party_code": ("kodas", "imones kodas", "registration code", "code"),
    "party_country": ("valstybe", "salis", "salies kodas", "country"),
    "party_name": (
        "kontrahentas",
        "pavadinimas",
        "pirkejas",
        "pardavejas",
        "tiekejas",
        "name",
        "counterparty",
        "customer",
        "supplier",
    ),
    "code": ("mokescio kodas", "pvm klasifikatoriaus kodas", "klasifikatorius", "tax code"),
    "taxable": ("apmokestinamoji verte", "suma be pvm", "taxable value", "net"),
    "rate": ("tarifas", "pvm tarifas", "rate"),
    "amount": ("pvm", "pvm suma", "vat", "vat amount"),
    "vat_point": ("tiekimo data", "date of supply"),
    "registered": ("itraukimo i apskaita data", "gavimo data", "date of entry in the accounts"),
    "references-number": ("koreguojamos saskaitos numeris", "number of the corrected invoice"),
    "references-day": ("koreguojamos saskaitos data", "date of the corrected invoice"),
    "invoices-number": ("apmoketos saskaitos numeris", "number of the settled invoice"),
    "invoices-day": ("apmoketos saskaitos data", "date of the settled invoice"),
}
_ALSO = {"invoices-amount": "taxable", "invoices-vat": "amount"}
_KINDS = {"gauta": "G", "received": "G", "sumoketa": "V", "paid": "V"}
_DAYS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T].*)?")
_LONG_AMOUNT = re.compile(r"-?\d+\.\d{3,}")
_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """One record of a spreadsheet as its form would send it, and the lines it stands in."""

    sent: Mapping[str, str]
    lines: tuple[int, ...]


def fields_of(register: RegisterType) -> "Mapping[str, _StrPromise]":
    """Return what the columns for a register may hold, with its name."""
    return _SETTLEMENT if register is RegisterType.SETTLEMENT else _INVOICE


def guessed(register: RegisterType, heading: Sequence[str]) -> dict[str, int]:
    """Return which columns seem to hold what, by their names; each column once."""
    names = [_plain(name) for name in heading]
    found: dict[str, int] = {}
    for field in fields_of(register):
        words = _GUESSES.get(_ALSO.get(field, field)) or _GUESSES[field.partition("-")[2]]
        place = next((names.index(word) for word in words if word in names), None)
        if place is not None and place not in found.values():
            found[field] = place
    return found


def records_of(
    register: RegisterType, lines: Sequence[Sequence[str]], columns: Columns
) -> Iterator[SheetRecord]:
    """Yield the records of the lines below the heading, which is line 1; empty ones are skipped."""
    group: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(lines, 2):
        told = {
            field: _tidy(field, line[place]) if place < len(line) else ""
            for field, place in columns.items()
        }
        if not any(told.values()):
            continue
        if group and _identity(group[0][1]) != _identity(told):
            yield _record(register, group)
            group = []
        group.append((number, told))
    if group:
        yield _record(register, group)


def _identity(told: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(told.get(name, "") for name in ("number", "issued", "party_vat", "party_code"))


def _record(register: RegisterType, group: Sequence[tuple[int, dict[str, str]]]) -> SheetRecord:
    first = group[0][1]
    sent = {field: value for field, value in first.items() if "-" not in field}
    sent["party_country"] = _country(sent)
    if register is not RegisterType.SETTLEMENT:
        sent["kind"] = sent.get("kind") or "SF"
    names = ("invoices",) if register is RegisterType.SETTLEMENT else ("rows", "references")
    for name in names:
        written = [_line(name, told) for _number, told in group]
        kept = [line for line in written if any(line.values())]
        sent |= {f"{name}-TOTAL_FORMS": f"{len(kept)}", f"{name}-INITIAL_FORMS": "0"}
        for index, line in enumerate(kept):
            sent |= {f"{name}-{index}-{field}": value for field, value in line.items()}
    return SheetRecord(sent, tuple(number for number, _told in group))


def _line(name: str, told: Mapping[str, str]) -> dict[str, str]:
    return {
        field.partition("-")[2]: value
        for field, value in told.items()
        if field.startswith(f"{name}-")
    }


def _country(sent: Mapping[str, str]) -> str:
    """A country that is not said follows from the prefix of the VAT code."""
    prefix = vat_prefix(sent.get("party_vat", ""))
    known = prefix if prefix in EU_VAT_PREFIXES and prefix != "XI" else ""
    return sent.get("party_country", "").upper() or {"EL": "GR"}.get(known, known)


def _tidy(field: str, cell: str) -> str:
    text = cell.strip()
    name = field.rpartition("-")[2]
    if name in {"issued", "day", "vat_point", "registered"}:
        return _day(text)
    if field == "rows-code":
        return f"PVM{text}" if text.isdecimal() else text.upper()
    if field == "kind":
        return _KINDS.get(_plain(text), text.upper())
    if _LONG_AMOUNT.fullmatch(text):  # what a spreadsheet has computed
        return f"{euro(text)}"
    return text


def _day(text: str) -> str:
    """Write a day as 2026-10-05, whether the year came first or last; else leave it alone."""
    found = _DAYS.fullmatch(text)
    if found is None:
        return text
    one, month, three = found.groups()
    year, day = (one, three) if len(one) == _YEAR_DIGITS else (three, one)
    try:
        return datetime(int(year), int(month), int(day)).date().isoformat()  # noqa: DTZ001 - a day
    except ValueError:
        return text


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in letters if c.isascii())))
