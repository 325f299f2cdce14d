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
from itertools import starmap

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
        self.build = _BUILDERS[envelope.name](writer)
        """Makes the record of a match's groups; UnknownFormError when only the schema can judge."""


@lru_cache(maxsize=64)
def recogniser(envelope: Envelope) -> Recogniser | None:
    """Return who knows records standing there, None when its prefixes are not the usual ones."""
    declared = dict(envelope.namespaces)
    nil = next((prefix for prefix, uri in declared.items() if uri == XSI and prefix), "")
    if declared.get(envelope.prefix) != NAMESPACE or not nil:
        return None
    return Recogniser(envelope, nil)


class _Rates(dict[str, Decimal]):
    """Rates by their text: there are few of them."""

    def __missing__(self, text: str) -> Decimal:
        rate = Decimal(text)
        if len(self) < _CACHED:
            self[text] = rate
        return rate


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


def spelled(groups: Groups) -> Groups:
    """Return the groups of UTF-8 that was read as Latin-1 as they are spelled."""
    return tuple([text if text.isascii() else text.encode("latin-1").decode() for text in groups])


def _party(groups: Groups, start: int) -> Party:
    identifier, vat, code, country, name = groups[start : start + 5]
    if "&" in name or "&" in vat or "&" in code or "&" in identifier:
        return Party(
            _plain(identifier, 70), _plain(vat, 35), _plain(code, 35), country, _plain(name, 256)
        )
    return Party(identifier, vat, code, country, name)


class InvoiceForm:
    """Builds the invoices of one register, whole or in pieces, from the groups of a match.

    The groups are the number, five of the party, the marks and dates, from `first_row` the first
    tax row (base, code, rate, amount and in sales its day), and the other rows as one block.
    """

    def __init__(self, register: RegisterType, name: str, writer: PatternWriter) -> None:
        node = node_at("SourceDocuments", name, "Invoice")
        row = node_at("SourceDocuments", name, "Invoice", "DocumentTotals", "DocumentTotal")
        reference = node_at("SourceDocuments", name, "Invoice", "References", "Reference")
        self._register = register
        self.first_row = -1 - len(row.children)
        self._rows_in = writer.repeated(row).findall
        self._references_in = writer.repeated(reference).findall
        self._issued = _Days(node, "InvoiceDate")
        self._days = _Days(node, "VATPointDate")
        self._reference_days = _Days(reference, "ReferenceDate")
        self._rates = _Rates()

    def __call__(self, groups: Groups, position: int, line: int) -> Invoice:
        """Return the invoice; UnknownFormError when only the schema can judge how it is written."""
        number = groups[0]
        issued, kind, special, references, point, *registered = groups[6 : self.first_row]
        return Invoice(
            self._register,
            position,
            line,
            _plain(number, 70) if "&" in number else number,
            _party(groups, 1),
            self._issued[issued],
            kind,
            special,
            self._references(references) if references else (),
            self._days[point] if point else None,
            self._days[registered[0]] if registered and registered[0] else None,
            tuple([self._row(*row) for row in self.rows_of(groups)]),
        )

    def rows_of(self, groups: Groups) -> tuple[Groups, ...]:
        """Return the values of each tax row."""
        first, others = groups[self.first_row : -1], groups[-1]
        return (first, *self._rows_in(others)) if others else (first,)

    def party_of(self, groups: Groups) -> Party:
        """Return the party; UnknownFormError when only the schema can judge how it is written."""
        return _party(groups, 1)

    def _row(self, taxable: str, code: str, percent: str, amount: str, point: str = "") -> TaxRow:
        return TaxRow(
            Decimal(taxable),
            code,
            self._rates[percent] if percent else None,
            Decimal(amount) if amount else None,
            self._days[point] if point else None,
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

    def __call__(self, groups: Groups, position: int, line: int) -> Settlement:
        kind, reference, day = groups[:3]
        others = starmap(self._settled, self._settled_in(groups[12]))
        return Settlement(
            position,
            line,
            SettlementKind(kind),
            _plain(reference, 70),
            self._days[day],
            _party(groups, 3),
            (self._settled(*groups[8:12]), *others),
        )

    def _settled(self, number: str, issued: str, amount: str, vat: str) -> SettledInvoice:
        day = self._settled_days[issued]
        return SettledInvoice(_plain(number, 70), day, Decimal(amount), Decimal(vat))


class _MasterParties:
    """Builds the parties of the master file."""

    def __init__(self, kind: PartyKind, _writer: PatternWriter) -> None:
        self._kind = kind

    def __call__(self, groups: Groups, position: int, line: int) -> MasterParty:
        return MasterParty(self._kind, position, line, _party(groups, 0))


_BUILDERS: Mapping[str, Callable[[PatternWriter], Builder]] = {
    "Customers": partial(_MasterParties, PartyKind.CUSTOMER),
    "Suppliers": partial(_MasterParties, PartyKind.SUPPLIER),
    "PurchaseInvoices": partial(InvoiceForm, RegisterType.PURCHASE, "PurchaseInvoices"),
    "SalesInvoices": partial(InvoiceForm, RegisterType.SALES, "SalesInvoices"),
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
