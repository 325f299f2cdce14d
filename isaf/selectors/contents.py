"""Stored rows as the records of a file again: invoices and settlements of one part, in order.

Read a batch at a time by the primary key, so memory stays small however large the part is: two
statements for each 1 000 records. The other side is written in each record, because what was looked
up in a master file was stored so; ND stands where no VAT code is known.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from isaf import types
from isaf.models import Invoice, Part, Register, SettledInvoice, Settlement, TaxRow
from isaf.selectors.filtering import InvoiceQuery, ShownParts, conditions, rows_of
from isaf.types import NOT_KNOWN, Party, Reference, RegisterType, SettlementKind

_BATCH = 1_000


def invoices_of_part(
    register: Register, part_id: int, query: InvoiceQuery, parts: ShownParts
) -> Iterator[types.Invoice]:
    """Yield the invoices of a part that a query asks for, in the order of the file."""
    asked, params = conditions(query, parts)
    params |= {"start": register.start, "part": part_id, "batch": _BATCH, "after": -1}
    statement = _POSITIONS.format(conditions=asked)
    while positions := [row[0] for row in rows_of(statement, params)]:
        yield from _invoices(register.start, part_id, positions, RegisterType(register.type))
        params["after"] = positions[-1]


def every_invoice_of_part(part: Part) -> Iterator[types.Invoice]:
    """Yield all invoices of a part, whatever register shows it."""
    after = -1
    while positions := _next_positions(Invoice, part, after):
        yield from _invoices(part.start, part.pk, positions, RegisterType(part.type))
        after = positions[-1]


def settlements_of_part(part: Part) -> Iterator[types.Settlement]:
    """Yield all settlements of a part with the invoices they settle."""
    after = -1
    while positions := _next_positions(Settlement, part, after):
        place = {"period_start": part.start, "part_id": part.pk, "position__in": positions}
        settled = _by_position(SettledInvoice.objects.filter(**place).order_by("row_no"))
        for row in Settlement.objects.filter(**place).order_by("position"):
            yield types.Settlement(
                row.position,
                row.line,
                SettlementKind(row.kind),
                row.reference,
                row.paid_on,
                _party(row),
                tuple(
                    types.SettledInvoice(one.number, one.issued, one.amount, one.vat)
                    for one in settled[row.position]
                ),
            )
        after = positions[-1]


def siblings_of(part: Part) -> dict[RegisterType, Part]:
    """Return the parts that the file of a part brought, itself among them, by register."""
    found = {RegisterType(part.type): part}
    if part.document_id is not None:
        brought = Part.objects.filter(
            document_id=part.document_id, kept_at__isnull=False, emptied_at=None
        )
        found |= {RegisterType(one.type): one for one in brought}
    return found


_POSITIONS = """
SELECT i.position
  FROM isaf_invoice AS i
 WHERE i.period_start = %(start)s AND i.part_id = %(part)s AND i.position > %(after)s{conditions}
 ORDER BY i.position
 LIMIT %(batch)s
"""


def _next_positions(model: type[Invoice] | type[Settlement], part: Part, after: int) -> list[int]:
    rows = model.objects.of_part(part.start, part.pk).filter(position__gt=after)
    return list(rows.values_list("position", flat=True)[:_BATCH])


def _invoices(
    start: date, part_id: int, positions: list[int], type_: RegisterType
) -> Iterator[types.Invoice]:
    place = {"period_start": start, "part_id": part_id, "position__in": positions}
    rows = _by_position(TaxRow.objects.filter(**place).order_by("row_no"))
    for row in Invoice.objects.filter(**place).order_by("position"):
        yield types.Invoice(
            type_,
            row.position,
            row.line,
            row.number,
            _party(row),
            row.issued,
            row.type,
            "T" if row.special else "",
            tuple(Reference(number, date.fromisoformat(day)) for number, day in row.refs or ()),
            row.vat_point,
            row.registered,
            tuple(
                types.TaxRow(one.taxable, one.code, one.rate, one.amount, one.vat_point)
                for one in rows[row.position]
            ),
        )


def _party(row: Invoice | Settlement) -> Party:
    return Party(
        "",
        row.counterparty_vat or NOT_KNOWN,
        row.counterparty_code,
        row.country,
        row.counterparty_name,
    )


def _by_position(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.position].append(row)
    return found
