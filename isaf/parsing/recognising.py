"""Records by one pattern each: many times faster than a parser, and never more generous.

The patterns are made from the schema. They know the usual ways of writing a record, and whatever
they do not know (numeric character references, comments, attributes, time zones…) is not refused
but left to the schema itself. Their language is a subset of the schema's: a test proves it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial

from isaf.parsing.extracting import Record
from isaf.parsing.lists import Envelope
from isaf.parsing.model import NAMESPACE, XSI, Node, node_at
from isaf.parsing.patterns import BLANK, PatternWriter
from isaf.types import (
    Invoice,
    MasterParty,
    Party,
    PartyKind,
    Reference,
    RegisterType,
    SettledInvoice,
    Settlement,
    SettlementKind,
    TaxRow,
)

_CACHED = 4_000
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))

Groups = tuple[str, ...]
Builder = Callable[[Groups, int, int], Record]


class UnknownFormError(Exception):
    """The record is written in a way that only the schema can judge."""


class Recogniser:
    """Knows the records of one list, with the prefixes of one document."""

    def __init__(self, envelope: Envelope, nil: str) -> None:
        writer = PatternWriter(envelope.prefix, nil)
        self.match = re.compile(writer.element(envelope.records.node) + BLANK).match
        self._build = _BUILDERS[envelope.name](writer)

    def build(self, found: re.Match[str], position: int, line: int) -> Record:
        """Return the record's values; UnknownFormError when only the schema can judge them."""
        return self._build(found.groups(""), position, line)


@lru_cache(maxsize=64)
def recogniser(envelope: Envelope) -> Recogniser | None:
    """Return who knows records standing there, None when its prefixes are not the usual ones."""
    declared = dict(envelope.namespaces)
    nil = next((prefix for prefix, uri in declared.items() if uri == XSI and prefix), "")
    if declared.get(envelope.prefix) != NAMESPACE or not nil:
        return None
    return Recogniser(envelope, nil)


class _Days(dict[str, date]):
    """Dates by their text; what is no date, or out of the schema's bounds, is of unknown form."""

    def __init__(self, node: Node, name: str) -> None:
        super().__init__()
        found = node.child(name)
        facets: Mapping[str, str] = found.simple.facets if found and found.simple else {}
        self._first = date.fromisoformat(facets.get("minInclusive", "0001-01-01"))
        self._last = date.fromisoformat(facets.get("maxInclusive", "9999-12-31"))

    def __missing__(self, text: str) -> date:
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise UnknownFormError from error
        if not self._first <= day <= self._last:
            raise UnknownFormError
        if len(self) < _CACHED:
            self[text] = day
        return day


class _Parties:
    """Parties by their texts: the same party stands in many invoices."""

    def __init__(self) -> None:
        self._known: dict[Groups, Party] = {}

    def __call__(self, texts: Groups) -> Party:
        found = self._known.get(texts)
        if found is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            identifier, vat, code, country, name = texts
            found = self._known[texts] = Party(
                _plain(identifier, 70),
                _plain(vat, 35),
                _plain(code, 35),
                country,
                _plain(name, 256),
            )
        return found


class _Invoices:
    """Builds the invoices of one register."""

    def __init__(self, register: RegisterType, name: str, writer: PatternWriter) -> None:
        node = node_at("SourceDocuments", name, "Invoice")
        row = node_at("SourceDocuments", name, "Invoice", "DocumentTotals", "DocumentTotal")
        reference = node_at("SourceDocuments", name, "Invoice", "References", "Reference")
        self._register = register
        self._sold = register is RegisterType.SALES
        self._rows = self._sale_rows if self._sold else self._purchase_rows
        self._rows_in = writer.repeated(row).findall
        self._references_in = writer.repeated(reference).findall
        self._issued = _Days(node, "InvoiceDate")
        self._days = _Days(node, "VATPointDate")
        self._reference_days = _Days(reference, "ReferenceDate")
        self._party = _Parties()
        self._rate = lru_cache(maxsize=1024)(Decimal)

    def __call__(self, groups: Groups, position: int, line: int) -> Invoice:
        number = groups[0]
        issued, kind, special, references, point, registered = groups[6:12]
        return Invoice(
            self._register,
            position,
            line,
            _plain(number, 70) if "&" in number else number,
            self._party(groups[1:6]),
            self._issued[issued],
            kind,
            special,
            self._references(references) if references else (),
            self._days[point] if point else None,
            None if self._sold or not registered else self._days[registered],
            self._rows(groups[-1]),
        )

    def _sale_rows(self, block: str) -> tuple[TaxRow, ...]:
        rate, days = self._rate, self._days
        return tuple(
            [
                TaxRow(
                    Decimal(taxable),
                    code,
                    rate(percent) if percent else None,
                    Decimal(amount) if amount else None,
                    days[point] if point else None,
                )
                for taxable, code, percent, amount, point in self._rows_in(block)
            ]
        )

    def _purchase_rows(self, block: str) -> tuple[TaxRow, ...]:
        rate = self._rate
        return tuple(
            [
                TaxRow(
                    Decimal(taxable),
                    code,
                    rate(percent) if percent else None,
                    Decimal(amount) if amount else None,
                )
                for taxable, code, percent, amount in self._rows_in(block)
            ]
        )

    def _references(self, block: str) -> tuple[Reference, ...]:
        days = self._reference_days
        return tuple(
            [Reference(_plain(number, 70), days[day]) for number, day in self._references_in(block)]
        )


class _Settlements:
    """Builds settlements."""

    def __init__(self, writer: PatternWriter) -> None:
        path = ("SourceDocuments", "SettlementsAndPayments", "SettlementAndPayment")
        settled = node_at(*path, "ReferencesToInvoice", "ReferenceToInvoice")
        self._settled_in = writer.repeated(settled).findall
        self._days = _Days(node_at(*path), "SettlementDate")
        self._settled_days = _Days(settled, "InvoiceDate")
        self._party = _Parties()

    def __call__(self, groups: Groups, position: int, line: int) -> Settlement:
        kind, reference, day = groups[:3]
        days = self._settled_days
        return Settlement(
            position,
            line,
            SettlementKind(kind),
            _plain(reference, 70),
            self._days[day],
            self._party(groups[3:8]),
            tuple(
                SettledInvoice(_plain(number, 70), days[issued], Decimal(amount), Decimal(vat))
                for number, issued, amount, vat in self._settled_in(groups[8])
            ),
        )


class _MasterParties:
    """Builds the parties of the master file."""

    def __init__(self, kind: PartyKind, _writer: PatternWriter) -> None:
        self._kind = kind
        self._party = _Parties()

    def __call__(self, groups: Groups, position: int, line: int) -> MasterParty:
        return MasterParty(self._kind, position, line, self._party(groups))


_BUILDERS: Mapping[str, Callable[[PatternWriter], Builder]] = {
    "Customers": partial(_MasterParties, PartyKind.CUSTOMER),
    "Suppliers": partial(_MasterParties, PartyKind.SUPPLIER),
    "PurchaseInvoices": partial(_Invoices, RegisterType.PURCHASE, "PurchaseInvoices"),
    "SalesInvoices": partial(_Invoices, RegisterType.SALES, "SalesInvoices"),
    "SettlementsAndPayments": _Settlements,
}


def _plain(text: str, limit: int) -> str:
    """Return a text without its entities; one that is too long is of unknown form."""
    if "&" in text:
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
        if len(text) > limit:
            raise UnknownFormError
    return text
