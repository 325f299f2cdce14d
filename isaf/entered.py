"""Records entered by hand: kept as JSON, read back as the values that files bring.

Pure. A record is kept as it was typed; what follows from it, the own share of a single
invoice of several sellers, is worked out when it is read (`record_of`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from imas.kernel.classifiers import classifier, rows
from imas.kernel.money import ZERO, euro
from imas.kernel.periods import Period
from isaf.rules.tax import Vat, meaning_of
from isaf.types import (
    Invoice,
    InvoiceType,
    Party,
    Reference,
    RegisterType,
    SettledInvoice,
    Settlement,
    SettlementKind,
    TaxRow,
)

Record = Invoice | Settlement
Content = dict[str, Any]

SHARED = frozenset({InvoiceType.VS, InvoiceType.VD, InvoiceType.VK})
"""One invoice of several lawyers or notaries: each tells his own share of it."""

_HUNDRED = Decimal(100)
_NO_LINE = 0
_VAT_CODES = "isaf/vat_codes.csv"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The rate in per cent and the VAT in euros that follow from a tax code; None: no such."""

    rate: Decimal | None
    amount: Decimal | None


def suggestion(
    *,
    code: str,
    register: RegisterType,
    type_: str,
    supplied: date,
    taxable: Decimal,
    rate: Decimal | None = None,
) -> Suggestion:
    """Return what a row should say beside its code and its base on the day of supply.

    Where the buyer accounts for the VAT, or there is none, the amount is nil; under the margin
    scheme it does not follow from the base. A code of several rates has the one that is given.
    """
    meaning = meaning_of(code, register, supplied, InvoiceType(type_ or "SF").corrects)
    known = meaning.rate if rate is None else rate
    if meaning.vat is Vat.CHARGED and known is not None:
        return Suggestion(known, euro(taxable * known / _HUNDRED))
    return Suggestion(known, ZERO if register is RegisterType.SALES else None)


def follows(invoice: Invoice) -> Iterator[Suggestion]:
    """Yield what each row should say by its code and base, whatever it says now.

    The rate that stands in the row counts only where the code has several.
    """
    for row in invoice.rows:
        given: dict[str, Any] = {
            "code": row.code,
            "register": invoice.register,
            "type_": invoice.type,
            "supplied": invoice.vat_point or invoice.issued,
            "taxable": row.taxable,
        }
        alone = suggestion(**given)
        yield suggestion(**given, rate=row.rate) if alone.rate is None else alone


def tax_codes(register: RegisterType, period: Period) -> Iterator[tuple[str, Decimal | None]]:
    """Yield the tax codes of a register in force on any day of the period, with their one rate."""
    column = "sales" if register is RegisterType.SALES else "purchases"
    for code in classifier(_VAT_CODES):
        for entry in classifier(_VAT_CODES).entries(code):
            in_force = entry.valid_from <= period.end and period.start <= entry.valid_to
            meaning = meaning_of(code, register, max(entry.valid_from, period.start), False)  # noqa: FBT003
            if in_force and entry.row[column] != "no" and not meaning.why_not:
                yield code, meaning.rate
                break


def law_of(code: str) -> str:
    """Return the paragraph of the VAT Law a tax code stands for."""
    return next((row["law"] for row in rows(_VAT_CODES) if row["code"] == code), "")


def content_of(record: Record, share: Decimal | None = None) -> Content:
    """Return a record as it is kept; `share` in per cent is told of a single invoice of several."""
    if isinstance(record, Settlement):
        return {
            "kind": record.kind.value,
            "number": record.reference,
            "day": f"{record.date}",
            "party": _party_content(record.party),
            "invoices": [
                [one.number, f"{one.date}", f"{one.amount}", f"{one.vat}"]
                for one in record.invoices
            ],
        }
    return {
        "number": record.number,
        "day": f"{record.issued}",
        "type": record.type,
        "special": record.special,
        "party": _party_content(record.party),
        "references": [[one.number, f"{one.date}"] for one in record.references],
        "vat_point": _text(record.vat_point),
        "registered": _text(record.registered),
        "share": _text(share),
        "rows": [
            [f"{row.taxable}", row.code, _text(row.rate), _text(row.amount)] for row in record.rows
        ],
    }


def record_of(register: RegisterType, content: Mapping[str, Any], position: int = 0) -> Record:
    """Return what is kept as the value a file would bring, at this position of its register."""
    if register is RegisterType.SETTLEMENT:
        return Settlement(
            position=position,
            line=_NO_LINE,
            kind=SettlementKind(content["kind"]),
            reference=content["number"],
            date=date.fromisoformat(content["day"]),
            party=_party(content["party"]),
            invoices=tuple(
                SettledInvoice(number, date.fromisoformat(day), Decimal(amount), Decimal(vat))
                for number, day, amount, vat in content["invoices"]
            ),
        )
    return Invoice(
        register=register,
        position=position,
        line=_NO_LINE,
        number=content["number"],
        party=_party(content["party"]),
        issued=date.fromisoformat(content["day"]),
        type=content["type"],
        special=content["special"],
        references=tuple(
            Reference(number, date.fromisoformat(day)) for number, day in content["references"]
        ),
        vat_point=_day(content["vat_point"]),
        registered=_day(content["registered"]),
        rows=tuple(_row(row, _decimal(content["share"])) for row in content["rows"]),
    )


def cancelled(content: Mapping[str, Any]) -> Content:
    """Return an invoice as one that was cancelled: type AN, correcting nothing."""
    return {**content, "type": InvoiceType.AN.value, "references": [], "share": None}


def totals_of(record: Record) -> tuple[Decimal, Decimal]:
    """Return the taxable value and the VAT of a record, in euros."""
    if isinstance(record, Settlement):
        return (
            sum((one.amount for one in record.invoices), ZERO),
            sum((one.vat for one in record.invoices), ZERO),
        )
    return record.taxable_total, record.vat_total


def _row(kept: list[Any], share: Decimal | None) -> TaxRow:
    taxable, code, rate, amount = kept
    return TaxRow(
        _part(Decimal(taxable), share),
        code,
        _decimal(rate),
        None if amount is None else _part(Decimal(amount), share),
    )


def _part(whole: Decimal, share: Decimal | None) -> Decimal:
    return whole if share is None else euro(whole * share / _HUNDRED)


def _party_content(party: Party) -> Content:
    return {
        "vat": party.vat_code,
        "code": party.registration_code,
        "country": party.country,
        "name": party.name,
    }


def _party(kept: Mapping[str, str]) -> Party:
    return Party("", kept["vat"], kept["code"], kept["country"], kept["name"])


def _text(value: date | Decimal | None) -> str | None:
    return None if value is None else f"{value}"


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
