"""Invoices of a register: searched, filtered, summed and paged.

Rows lie in the primary key's order (period, part, position), so a page is read from the index at
the place the cursor names, part after part; docs/isaf/registers.md shows the plans.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from imas.kernel.errors import NotFoundError
from imas.kernel.money import ZERO
from imas.web.paging import Cursor, Keyset, Page
from intake.presenting import ShownProblem
from isaf.models import Invoice, Part, Register, Settlement, TaxRow
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


@dataclass(frozen=True, slots=True)
class InvoiceQuery:
    """Which invoices are asked for; everything empty means all of them."""

    text: str = ""
    counterparty: str = ""
    vat_code: str = ""
    type: str = ""
    part: str = ""
    only_problems: bool = False
    since: date | None = None
    until: date | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts a register shows and the places of findings in them."""

    numbers: Mapping[int, str]
    marked: Sequence[tuple[int, int]] = field(default=())


def invoice_page(register: Register, query: InvoiceQuery, cursor: str = "") -> Page[InvoiceRow]:
    """Return the page at a cursor; UnprocessableError("bad-cursor") when it is none of ours."""
    place = Cursor.parse(cursor, 2)
    parts = _parts(register)
    conditions, params = _conditions(query, parts)
    backwards = place is not None and place.backwards
    if place is not None:
        sign = "<" if backwards else ">"
        conditions.append(f"(i.part_id, i.position) {sign} (%(after_part)s, %(after_position)s)")
        params |= {"after_part": place.values[0], "after_position": place.values[1]}
    wanted = [
        number
        for number in sorted(parts.numbers, reverse=backwards)
        if not query.part or parts.numbers[number] == query.part
    ]
    statement = _PAGE.format(
        conditions=_all_of(conditions), direction="DESC" if backwards else "ASC"
    )
    params |= {"start": register.start, "parts": wanted, "limit": PAGE_SIZE + 1}
    marked = _counted(parts.marked)
    found = [
        InvoiceRow._make((*row, parts.numbers[row[0]], marked.get((row[0], row[1]), 0)))
        for row in _rows(statement, params)
    ]
    return _KEYSET.cut(found, place)


def invoice_totals(register: Register, query: InvoiceQuery) -> Totals:
    """Return the sums of a selection; those of a whole register come from its parts."""
    parts = _parts(register)
    if query.is_everything:
        rows = register.seen.values_list("part__invoices", "part__taxable", "part__vat")
        sums = [sum(column) for column in zip(*rows, strict=True)] or [0, ZERO, ZERO]
        return Totals(*sums)
    conditions, params = _conditions(query, parts)
    wanted = [
        number for number, name in parts.numbers.items() if not query.part or name == query.part
    ]
    statement = _TOTALS.format(conditions=_all_of(conditions))
    return Totals(*next(_rows(statement, params | {"start": register.start, "parts": wanted})))


def every_invoice(register: Register, query: InvoiceQuery) -> Iterator[InvoiceRow]:
    """Return a whole selection in order, page after page, so that memory stays small."""
    page = invoice_page(register, query)
    while True:
        yield from page.rows
        if not page.next:
            return
        page = invoice_page(register, query, page.next)


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

_TEXT = (
    "(i.number_norm LIKE %(number)s OR i.counterparty_name ILIKE %(name)s"
    " OR i.counterparty_vat LIKE %(code)s OR i.counterparty_code LIKE %(code)s)"
)

_VAT_CODE = (
    "EXISTS (SELECT 1 FROM isaf_tax_row AS t WHERE t.period_start = i.period_start"
    " AND t.part_id = i.part_id AND t.position = i.position AND t.code = %(vat_code)s)"
)

_MARKED = (
    "(i.part_id, i.position) IN (SELECT * FROM unnest(%(marked_parts)s::bigint[],"
    " %(marked_positions)s::integer[]))"
)

_PROBLEM_PLACES = r"""
SELECT p.id, substring(d.path FROM '(?:Invoice|SettlementAndPayment)\[(\d+)\]')::integer - 1
  FROM isaf_registerpart AS s
  JOIN isaf_part AS p ON p.id = s.part_id
  JOIN intake_documentproblem AS d ON d.document_id = p.document_id AND d.register = p.type
 WHERE s.register_id = %(register)s AND d.path LIKE '%%[%%'
   AND d.path LIKE 'SourceDocuments/%%'
UNION ALL
SELECT part_id, invoice_position FROM isaf_registerproblem
 WHERE on_id = %(register)s AND part_id IS NOT NULL
"""


def _parts(register: Register) -> _Parts:
    numbers = dict(register.seen.values_list("part_id", "part_number"))
    places = _rows(_PROBLEM_PLACES, {"register": register.pk})
    return _Parts(numbers, [(part, place) for part, place in places if place is not None])


def _counted(places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    counted: dict[tuple[int, int], int] = {}
    for place in places:
        counted[place] = counted.get(place, 0) + 1
    return counted


def _conditions(query: InvoiceQuery, parts: _Parts) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions a query sets and the values in them."""
    params: dict[str, Any] = {}
    conditions: list[str] = []
    for asked, condition, values in _CONDITIONS:
        if value := getattr(query, asked):
            conditions.append(condition)
            params |= values(value)
    if query.only_problems:
        conditions.append(_MARKED)
        params["marked_parts"] = [part for part, _ in parts.marked]
        params["marked_positions"] = [place for _, place in parts.marked]
    return conditions, params


def _text_values(text: str) -> dict[str, str]:
    """Look for a number as numbers are compared, for a code or a name as it is written."""
    number, escaped = normalise_number(text), _escaped(text.strip())
    return {
        "number": f"%{number}%" if number else "",
        "name": f"%{escaped}%",
        "code": f"{escaped.upper()}%",
    }


_CONDITIONS: tuple[tuple[str, str, Any], ...] = (
    ("text", _TEXT, _text_values),
    (
        "counterparty",
        "%(counterparty)s IN (i.counterparty_vat, i.counterparty_code)",
        lambda value: {"counterparty": value},
    ),
    ("vat_code", _VAT_CODE, lambda value: {"vat_code": value}),
    ("type", "i.type = %(type)s", lambda value: {"type": value}),
    ("since", "i.issued >= %(since)s", lambda value: {"since": value}),
    ("until", "i.issued <= %(until)s", lambda value: {"until": value}),
)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _all_of(conditions: Sequence[str]) -> str:
    return "".join(f" AND {condition}" for condition in conditions)


def _rows(statement: str, params: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        yield from cursor.fetchall()
