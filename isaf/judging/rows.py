"""Records → text for PostgreSQL's COPY, with what is compared later already computed."""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from imas.kernel.identifiers import normalise_vat
from isaf.judging.sink import ChunkRows, StorePlan
from isaf.types import (
    NOT_KNOWN,
    Invoice,
    Party,
    RegisterType,
    Settlement,
    match_key,
    normalise_number,
)

NULL = r"\N"

_needs_escape = re.compile(r"[\\\t\n\r]").search
_is_plain_vat = re.compile(r"[A-Z]{2}[0-9A-Z]+").fullmatch
_is_lt_vat = re.compile(r"LT(?:[0-9]{9}|[0-9]{12})").fullmatch
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_HOME = frozenset({"LT", "", NOT_KNOWN})


def escaped(text: str) -> str:
    """Return a text as COPY reads it."""
    return text.translate(_ESCAPES) if _needs_escape(text) else text


def vat_of(party: Party) -> str:
    """Return the party's VAT code in its plain form, empty when it is not known."""
    code = party.vat_code
    if not _is_plain_vat(code):
        code = normalise_vat(code)
    return "" if code == NOT_KNOWN else code


def codes_to_look_up(parties: Iterable[Party]) -> set[str]:
    """Return the Lithuanian registration codes of those whose VAT code is not given."""
    return {
        party.registration_code
        for party in parties
        if party.registration_code
        and party.registration_code != NOT_KNOWN
        and party.country in _HOME
        and not vat_of(party)
    }


class RowWriter:
    """Writes the rows of one chunk for the parts of a plan."""

    def __init__(self, plan: StorePlan, vat_codes: Mapping[str, str], position: int) -> None:
        self._starts = {
            register: f"{plan.period_start}\t{part}\t" for register, part in plan.parts.items()
        }
        self._own_vat = plan.own_vat if _is_lt_vat(plan.own_vat) else ""
        self._vat_codes = vat_codes
        self._position = position
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
            self._position,
        )

    def add_invoice(self, invoice: Invoice, party: Party, taxable: Decimal, vat: Decimal) -> None:
        """Write an invoice and its rows; `party` is its party, filled from the master file."""
        register = invoice.register
        start = f"{self._starts[register]}{invoice.position}\t"
        number = normalise_number(invoice.number)
        party_vat = vat_of(party)
        point, registered = invoice.vat_point, invoice.registered
        self._invoices.append(
            f"{start}{register.side}\t{invoice.line}\t{escaped(invoice.number)}\t{number}\t"
            f"{self._key(register, party_vat, party, number)}\t{_party(party, party_vat)}\t"
            f"{invoice.issued}\t{invoice.type or 'SF'}\t{'t' if invoice.special else 'f'}\t"
            f"{point or NULL}\t{registered or NULL}\t{taxable}\t{vat}\t{taxable + vat}\t"
            f"{_references(invoice)}\n"
        )
        for index, row in enumerate(invoice.rows):
            self._tax_rows.append(
                f"{start}{index}\t{row.taxable}\t{row.code}\t"
                f"{NULL if row.rate is None else row.rate}\t"
                f"{NULL if row.amount is None else row.amount}\t{row.vat_point or NULL}\n"
            )

    def add_settlement(
        self, settlement: Settlement, party: Party, taxable: Decimal, vat: Decimal
    ) -> None:
        """Write a settlement and the invoices it settles."""
        start = f"{self._starts[RegisterType.SETTLEMENT]}{settlement.position}\t"
        self._settlements.append(
            f"{start}{settlement.line}\t{settlement.kind}\t{escaped(settlement.reference)}\t"
            f"{settlement.date}\t{_party(party, vat_of(party))}\t{taxable}\t{vat}\n"
        )
        for index, invoice in enumerate(settlement.invoices):
            self._settled.append(
                f"{start}{index}\t{escaped(invoice.number)}\t{normalise_number(invoice.number)}\t"
                f"{invoice.date}\t{invoice.amount}\t{invoice.vat}\n"
            )

    def _key(self, register: RegisterType, party_vat: str, party: Party, number: str) -> int | str:
        theirs = party_vat or self._vat_codes.get(party.registration_code, "")
        if not self._own_vat or not _is_lt_vat(theirs):
            return NULL
        if register is RegisterType.SALES:
            return match_key(self._own_vat, theirs, number)
        return match_key(theirs, self._own_vat, number)


def _party(party: Party, vat: str) -> str:
    text = f"{party.registration_code}\x00{party.country}\x00{party.name}"
    if _needs_escape(text):
        text = text.translate(_ESCAPES)
    return f"{escaped(vat)}\t" + text.replace("\x00", "\t")


def _references(invoice: Invoice) -> str:
    if not invoice.references:
        return NULL
    pairs = [[reference.number, f"{reference.date}"] for reference in invoice.references]
    return escaped(json.dumps(pairs, ensure_ascii=False))
