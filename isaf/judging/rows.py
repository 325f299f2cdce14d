"""Records → text for PostgreSQL's COPY, with what is compared later already computed."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from imas.kernel.copying import NULL, escaped, needs_escape
from imas.kernel.identifiers import normalise_vat
from isaf.judging.sink import ChunkRows, StorePlan
from isaf.types import (
    NOT_KNOWN,
    Invoice,
    Party,
    Reference,
    RegisterType,
    Settlement,
    TaxRow,
    match_key,
    normalise_number,
)

_is_plain_vat = re.compile(r"[A-Z]{2}[0-9A-Z]+").fullmatch
is_lt_vat = re.compile(r"LT(?:[0-9]{9}|[0-9]{12})").fullmatch
_HOME = frozenset({"LT", "", NOT_KNOWN})


def vat_of(party: Party) -> str:
    """Return the party's VAT code in its plain form, empty when it is not known."""
    code = party.vat_code
    if not _is_plain_vat(code):
        code = normalise_vat(code)
    return "" if code == NOT_KNOWN else code


def codes_to_look_up(parties: Iterable[Party]) -> set[str]:
    """Return the Lithuanian registration codes of those whose VAT code is not given."""
    return {party.registration_code for party in parties if needs_look_up(party)}


def needs_look_up(party: Party) -> bool:
    """Is only the registration code given, of a party here, so that its VAT code may be held?"""
    return bool(
        party.registration_code
        and party.registration_code != NOT_KNOWN
        and party.country in _HOME
        and not vat_of(party)
    )


class _Days(dict[date | None, str]):
    """Days as text: a file has few of them, and each stands in thousands of rows."""

    def __missing__(self, day: date | None) -> str:
        text = self[day] = NULL if day is None else day.isoformat()
        return text


class RowWriter:
    """Writes the rows of one chunk for the parts of a plan."""

    def __init__(
        self,
        plan: StorePlan,
        vat_codes: Mapping[str, str],
    ) -> None:
        start = plan.period_start
        self._sold = f"{start}\t{plan.parts[RegisterType.SALES]}\t"
        self._bought = f"{start}\t{plan.parts[RegisterType.PURCHASE]}\t"
        self._settled_start = f"{start}\t{plan.parts[RegisterType.SETTLEMENT]}\t"
        self._own_vat = plan.own_vat if is_lt_vat(plan.own_vat) else ""
        self._vat_codes = vat_codes
        self._days = _Days()
        self._invoices: list[str] = []
        self._tax_rows: list[str] = []
        self._settlements: list[str] = []
        self._settled: list[str] = []

    def rows(self) -> ChunkRows:
        """Return everything written."""
        return ChunkRows(
            "".join(self._invoices).encode(),
            "".join(self._tax_rows).encode(),
            "".join(self._settlements).encode(),
            "".join(self._settled).encode(),
        )

    def add_invoice(self, invoice: Invoice, party: Party, taxable: Decimal, vat: Decimal) -> None:
        """Write an invoice and its rows; `party` is its party, filled from the master file."""
        sold = invoice.register is RegisterType.SALES
        start = f"{self._sold if sold else self._bought}{invoice.position}\t"
        written, days = invoice.number, self._days
        number = normalise_number(written)
        key, party_text = self._key_and_party(party, number, sold=sold)
        # !s is str(): twice as fast for Decimal as the format protocol.
        self._invoices.append(
            f"{start}{'S' if sold else 'P'}\t{invoice.line}\t{escaped(written)}\t{number}\t"
            f"{key}\t{party_text}\t{days[invoice.issued]}\t{invoice.type or 'SF'}\t"
            f"{'t' if invoice.special else 'f'}\t{days[invoice.vat_point]}\t"
            f"{days[invoice.registered]}\t{codes_column(invoice.rows)}\t"
            f"{taxable!s}\t{vat!s}\t{taxable + vat!s}\t"
            f"{references_column(invoice.references) if invoice.references else NULL}\n"
        )
        self._tax_rows += [
            f"{start}{index}\t{row.taxable!s}\t{row.code}\t"
            f"{NULL if row.rate is None else row.rate!s}\t"
            f"{NULL if row.amount is None else row.amount!s}\t{days[row.vat_point]}\n"
            for index, row in enumerate(invoice.rows)
        ]

    def add_settlement(
        self, settlement: Settlement, party: Party, taxable: Decimal, vat: Decimal
    ) -> None:
        """Write a settlement and the invoices it settles."""
        start = f"{self._settled_start}{settlement.position}\t"
        self._settlements.append(
            f"{start}{settlement.line}\t{settlement.kind}\t{escaped(settlement.reference)}\t"
            f"{settlement.date}\t{party_columns(party, vat_of(party))}\t{taxable}\t{vat}\n"
        )
        self._settled += [
            f"{start}{index}\t{escaped(invoice.number)}\t{normalise_number(invoice.number)}\t"
            f"{invoice.date}\t{invoice.amount}\t{invoice.vat}\n"
            for index, invoice in enumerate(settlement.invoices)
        ]

    def _key_and_party(self, party: Party, number: str, *, sold: bool) -> tuple[int | str, str]:
        vat = vat_of(party)
        theirs = vat or self._vat_codes.get(party.registration_code, "")
        text = party_columns(party, vat)
        if not self._own_vat or not is_lt_vat(theirs):
            return NULL, text
        if sold:
            return match_key(self._own_vat, theirs, number), text
        return match_key(theirs, self._own_vat, number), text


def party_columns(party: Party, vat: str) -> str:
    """Return the party's columns; `vat` is its VAT code in the plain form (`vat_of`)."""
    code, country, name = party.registration_code, party.country, party.name
    if needs_escape(f"{vat}{code}{country}{name}"):
        return "\t".join(map(escaped, (vat, code, country, name)))
    return f"{vat}\t{code}\t{country}\t{name}"


def codes_column(rows: Iterable[TaxRow]) -> str:
    """Return the column of the VAT codes of an invoice: each once, "" of a row without one."""
    return ",".join(sorted({row.code for row in rows}))


def references_column(references: Iterable[Reference]) -> str:
    """Return the column of the invoices that an invoice names."""
    pairs = [[reference.number, f"{reference.date}"] for reference in references]
    return escaped(json.dumps(pairs, ensure_ascii=False))
