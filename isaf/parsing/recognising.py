"""Records by one program each: many times faster than a parser, and never more generous.

The programs are made from the schema. They know the usual ways of writing a record, and whatever
they do not know (numeric character references, comments, attributes, time zones…) is not refused
but left to the schema itself. Their language is a subset of the schema's: a test proves it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from itertools import starmap

from isaf.parsing.extracting import Record
from isaf.parsing.lists import Envelope
from isaf.parsing.model import NAMESPACE, XSI, Node, node_at
from isaf.parsing.programs import program_of
from isaf.quick import Form, Walk
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

Values = tuple[str, ...]
Builder = Callable[[Walk], Record]


class UnknownFormError(Exception):
    """The record is written in a way that only the schema can judge."""


class Recogniser:
    """Knows the records of one list, with the prefixes of one document."""

    def __init__(self, envelope: Envelope, nil: str) -> None:
        self.form = Form(program_of(envelope.records.node, envelope.prefix, nil))
        self.build = _BUILDERS[envelope.name]()
        """Makes the record a walk has come to; UnknownFormError when only the schema can judge."""


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


def party_of(values: Values) -> Party:
    """Return a party of its five values, as they are written."""
    return Party(*(map(_plain, values) if any("&" in text for text in values) else values))


class InvoiceForm:
    """Builds the invoices of one register.

    Their values are the number, five of the party, the dates and marks; their lists the references
    and the tax rows (base, code, rate, amount and in sales the day).
    """

    def __init__(self, register: RegisterType, name: str) -> None:
        node = node_at("SourceDocuments", name, "Invoice")
        reference = node_at("SourceDocuments", name, "Invoice", "References", "Reference")
        self._register = register
        self._issued = _Days(node, "InvoiceDate")
        self._days = _Days(node, "VATPointDate")
        self._reference_days = _Days(reference, "ReferenceDate")
        self._rates = _Rates()

    def __call__(self, walk: Walk) -> Invoice:
        """Return the invoice; UnknownFormError when only the schema can judge how it is written."""
        values, rows = walk.values(), walk.lists()[1]
        issued, kind, special, point, *registered = values[6:]
        return Invoice(
            self._register,
            walk.position,
            walk.line,
            _plain(values[0]),
            party_of(values[1:6]),
            self._issued[issued],
            kind,
            special,
            self.references_of(walk),
            self._days[point] if point else None,
            self._days[registered[0]] if registered and registered[0] else None,
            tuple(starmap(self._row, rows)),
        )

    def references_of(self, walk: Walk) -> tuple[Reference, ...]:
        """Return the invoices named; UnknownFormError when a date is none."""
        return tuple(starmap(self._reference, walk.lists()[0]))

    def _row(self, taxable: str, code: str, percent: str, amount: str, point: str = "") -> TaxRow:
        return TaxRow(
            Decimal(taxable),
            code,
            self._rates[percent] if percent else None,
            Decimal(amount) if amount else None,
            self._days[point] if point else None,
        )

    def _reference(self, number: str, day: str) -> Reference:
        return Reference(_plain(number), self._reference_days[day])


class _Settlements:
    """Builds settlements."""

    def __init__(self) -> None:
        path = ("SourceDocuments", "SettlementsAndPayments", "SettlementAndPayment")
        settled = node_at(*path, "ReferencesToInvoice", "ReferenceToInvoice")
        self._days = _Days(node_at(*path), "SettlementDate")
        self._settled_days = _Days(settled, "InvoiceDate")

    def __call__(self, walk: Walk) -> Settlement:
        kind, reference, day, *party = walk.values()
        return Settlement(
            walk.position,
            walk.line,
            SettlementKind(kind),
            _plain(reference),
            self._days[day],
            party_of(tuple(party)),
            tuple(starmap(self._settled, walk.lists()[0])),
        )

    def _settled(self, number: str, issued: str, amount: str, vat: str) -> SettledInvoice:
        day = self._settled_days[issued]
        return SettledInvoice(_plain(number), day, Decimal(amount), Decimal(vat))


class _MasterParties:
    """Builds the parties of the master file."""

    def __init__(self, kind: PartyKind) -> None:
        self._kind = kind

    def __call__(self, walk: Walk) -> MasterParty:
        return MasterParty(self._kind, walk.position, walk.line, party_of(walk.values()))


_BUILDERS: Mapping[str, Callable[[], Builder]] = {
    "Customers": partial(_MasterParties, PartyKind.CUSTOMER),
    "Suppliers": partial(_MasterParties, PartyKind.SUPPLIER),
    "PurchaseInvoices": partial(InvoiceForm, RegisterType.PURCHASE, "PurchaseInvoices"),
    "SalesInvoices": partial(InvoiceForm, RegisterType.SALES, "SalesInvoices"),
    "SettlementsAndPayments": _Settlements,
}


def _plain(text: str) -> str:
    """Return a text without its entities."""
    if "&" in text:
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    return text
