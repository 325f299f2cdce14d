"""Invoices of a register: searched, filtered, summed and paged.

Rows lie in the primary key's order (period, part, position), so a page is read from the index at
the place the cursor names, part after part; docs/isaf/registers.md shows the plans.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from imas.kernel.errors import NotFoundError
from imas.kernel.money import ZERO
from imas.web.paging import Cursor, Keyset, Page, a_number
from intake.presenting import ShownProblem
from isaf.models import Invoice, Part, Register, Settlement, TaxRow
from isaf.selectors.filtering import InvoiceQuery, ShownParts, conditions, rows_of, shown_parts
from isaf.selectors.problems import problems_of_invoice
from isaf.types import normalise_number

PAGE_SIZE = 50
_REFERENCES = 1_000
_KEYSET = Keyset("part_id", "position", size=PAGE_SIZE)


class InvoiceRow(NamedTuple):
    """An invoice as a list shows it; `found` is how many findings stand at it."""

    part_id: int
    position: int
    line: int
    number: str
    counterparty_vat: str
    counterparty_code: str
    country: str
    counterparty_name: str
    issued: date
    type: str
    taxable: Decimal
    vat: Decimal
    total: Decimal
    part_number: str
    found: int


class Totals(NamedTuple):
    """Sums of a selection in euros."""

    invoices: int
    taxable: Decimal
    vat: Decimal

    @property
    def total(self) -> Decimal:
        """The taxable value and the tax together."""
        return self.taxable + self.vat


def invoice_page(register: Register, query: InvoiceQuery, cursor: str = "") -> Page[InvoiceRow]:
    """Return the page at a cursor; UnprocessableError("bad-cursor") when it is none of ours."""
    return _page_of(register, query, shown_parts(register), cursor)


def _page_of(
    register: Register, query: InvoiceQuery, parts: ShownParts, cursor: str
) -> Page[InvoiceRow]:
    place = Cursor.parse(cursor, a_number, a_number)
    asked, params = conditions(query, parts)
    backwards = place is not None and place.backwards
    if place is not None:
        sign = "<" if backwards else ">"
        asked += f" AND (i.part_id, i.position) {sign} (%(after_part)s, %(after_position)s)"
        params |= {"after_part": place.values[0], "after_position": place.values[1]}
    wanted = parts.wanted(query)[:: -1 if backwards else 1]
    statement = _PAGE.format(conditions=asked, direction="DESC" if backwards else "ASC")
    params |= {"start": register.start, "parts": wanted, "limit": PAGE_SIZE + 1}
    marked = parts.counted()
    found = [
        InvoiceRow._make((*row, parts.numbers[row[0]], marked.get((row[0], row[1]), 0)))
        for row in rows_of(statement, params)
    ]
    return _KEYSET.cut(found, place)


def invoice_totals(register: Register, query: InvoiceQuery) -> Totals:
    """Return the sums of a selection; those of a whole register come from its parts."""
    if query.is_everything:
        rows = register.seen.values_list("part__invoices", "part__taxable", "part__vat")
        sums = [sum(column) for column in zip(*rows, strict=True)] or [0, ZERO, ZERO]
        return Totals(*sums)
    parts = shown_parts(register)
    asked, params = conditions(query, parts)
    params |= {"start": register.start, "parts": parts.wanted(query)}
    return Totals(*next(rows_of(_TOTALS.format(conditions=asked), params)))


def every_invoice(register: Register, query: InvoiceQuery) -> Iterator[InvoiceRow]:
    """Return a whole selection in order, page after page, so that memory stays small."""
    parts, cursor = shown_parts(register), ""
    while True:
        page = _page_of(register, query, parts, cursor)
        yield from page.rows
        if not page.next:
            return
        cursor = page.next


class NamedInvoice(NamedTuple):
    """An invoice that a credit or debit document names; `place` when this register holds it."""

    number: str
    issued: date
    place: tuple[int, int] | None


@dataclass(frozen=True)
class InvoiceDetail:
    """One invoice with everything that is known about it."""

    invoice: Invoice
    part: Part
    rows: Sequence[TaxRow]
    problems: Sequence[ShownProblem]
    references: Sequence[NamedInvoice]


def find_invoice(register: Register, part_id: int, position: int) -> InvoiceDetail:
    """Return one invoice of a register; NotFoundError("invoice-not-found")."""
    shown = register.seen.select_related("part", "part__document").filter(part_id=part_id).first()
    place = {"period_start": register.start, "part_id": part_id, "position": position}
    invoice = Invoice.objects.filter(**place).first() if shown else None
    if shown is None or invoice is None:
        raise NotFoundError("invoice-not-found")
    rows = TaxRow.objects.filter(**place).order_by("row_no")
    return InvoiceDetail(
        invoice,
        shown.part,
        list(rows),
        problems_of_invoice(register, invoice),
        _named_by(register, invoice),
    )


def _named_by(register: Register, invoice: Invoice) -> list[NamedInvoice]:
    named = [(number, date.fromisoformat(issued)) for number, issued in invoice.refs or ()]
    parts = list(register.seen.values_list("part_id", flat=True)) if named else []
    held = Invoice.objects.of_parts(register.start, parts).filter(
        number_norm__in=[normalise_number(number) for number, _ in named]
    )
    places = {
        (row.number_norm, row.issued): (row.part_id, row.position) for row in held[:_REFERENCES]
    }
    return [
        NamedInvoice(number, issued, places.get((normalise_number(number), issued)))
        for number, issued in named
    ]


def settlement_page(register: Register, cursor: str = "") -> Page[Settlement]:
    """Return the page of settlements at a cursor."""
    parts = list(register.seen.values_list("part_id", flat=True))
    return _KEYSET.page(Settlement.objects.of_parts(register.start, parts), cursor)


_PAGE = """
SELECT found.*
  FROM unnest(%(parts)s::bigint[]) WITH ORDINALITY AS shown (id, place)
 CROSS JOIN LATERAL (
    SELECT i.part_id, i.position, i.line, i.number, i.counterparty_vat, i.counterparty_code,
           i.country, i.counterparty_name, i.issued, i.type, i.taxable, i.vat, i.total
      FROM isaf_invoice AS i
     WHERE i.period_start = %(start)s AND i.part_id = shown.id {conditions}
     ORDER BY i.position {direction}
     LIMIT %(limit)s
 ) AS found
 ORDER BY shown.place, found.position {direction}
 LIMIT %(limit)s
"""

_TOTALS = """
SELECT count(*), coalesce(sum(i.taxable), 0), coalesce(sum(i.vat), 0)
  FROM isaf_invoice AS i
 WHERE i.period_start = %(start)s AND i.part_id = ANY(%(parts)s) {conditions}
"""
