"""E-invoices of a seller beside his register of issued invoices; judged by `isaf.sql.einvoices`.

A page costs two queries: the e-invoices, and what the register says of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.db.models import QuerySet

from imas.kernel.periods import Period
from imas.web.paging import Keyset, Page
from isaf.limits import reach_of, require_whole
from isaf.matching import Field, SeenState
from isaf.models import EInvoice
from isaf.selectors.pairs import PairQuery, asked, selected
from isaf.sql import einvoices as sql
from isaf.types import RegisterType
from representation.types import Acting

RIGHT = "isaf.crosscheck"
_KEYSET = Keyset("issued", "id", size=50)
_BATCH = 1_000


class EInvoiceState(StrEnum):
    """How an e-invoice stands to the register."""

    MATCHED = "matched"
    DIFFERS = "differs"
    MISSING = "missing"
    WAITING = "waiting"


class InRegister(NamedTuple):
    """An invoice of the register with the number of an e-invoice; sums in euros."""

    register: str
    part_id: int
    position: int
    number: str
    issued: date
    buyer_vat: str
    buyer_code: str
    taxable: Decimal
    vat: Decimal
    total: Decimal


FIELDS = (Field.ISSUED, Field.BUYER, Field.TAXABLE, Field.VAT, Field.TOTAL)
"""What an e-invoice is compared by, in the order in which it is told."""

SEEN = {
    EInvoiceState.MATCHED: SeenState.MATCHED,
    EInvoiceState.DIFFERS: SeenState.DIFFERS,
    EInvoiceState.MISSING: SeenState.MISSING_AT_US,
    EInvoiceState.WAITING: SeenState.WAITING,
}
"""The same states as the cross-check has them."""

_STATES = {seen: state for state, seen in SEEN.items()}


@dataclass(frozen=True, slots=True)
class ComparedEInvoice:
    """An e-invoice and what the register says of it; `fields` are what differs."""

    einvoice: EInvoice
    state: EInvoiceState
    ours: InRegister | None = None
    fields: Sequence[str] = ()


def einvoice_page(acting: Acting, period: Period, cursor: str = "") -> Page[ComparedEInvoice]:
    """Return the page of e-invoices issued in a period; UnprocessableError("bad-cursor")."""
    page = _KEYSET.page(_issued(acting, period), cursor)
    return Page(list(_compared(acting, period, page.rows)), page.next, page.previous)


def every_einvoice(acting: Acting, period: Period) -> Iterator[ComparedEInvoice]:
    """Return all e-invoices of a period, a batch at a time."""
    batch: list[EInvoice] = []
    for row in _issued(acting, period).iterator(chunk_size=_BATCH):
        batch.append(row)
        if len(batch) == _BATCH:
            yield from _compared(acting, period, batch)
            batch = []
    yield from _compared(acting, period, batch)


def has_einvoices(acting: Acting) -> bool:
    """Tell whether the taxpayer has any, to whoever may see them."""
    return (
        acting.may_wholly(RIGHT) and EInvoice.objects.filter(seller_id=acting.taxpayer_id).exists()
    )


def count_mismatched(acting: Acting, period: Period) -> int:
    """Count the e-invoices of a period that are mismatches; none for whoever may not see them."""
    acting.require(RIGHT)
    question = asked(acting.taxpayer_id, period, PairQuery(), reach_of(acting, RIGHT))
    ((count,),) = selected(sql.MISMATCHED, question)
    return int(count)


def _issued(acting: Acting, period: Period) -> QuerySet[EInvoice]:
    acting.require(RIGHT)
    require_whole(acting, RIGHT, RegisterType.SALES)
    return EInvoice.objects.filter(
        seller_id=acting.taxpayer_id, issued__range=(period.start, period.end)
    ).order_by("issued", "id")


def _compared(
    acting: Acting, period: Period, rows: Sequence[EInvoice]
) -> Iterator[ComparedEInvoice]:
    question = asked(acting.taxpayer_id, period, PairQuery())
    these = replace(question, params={**question.params, "einvoices": [row.pk for row in rows]})
    judged = selected(sql.PAGE, replace(these, einvoices=sql.OF_THESE)) if rows else ()
    found = {pk: rest for pk, *rest in judged}
    for row in rows:
        state, bits, *ours = found[row.pk]
        held = InRegister._make(ours) if ours[0] is not None else None
        fields = [str(field.name).lower() for field in FIELDS if Field(bits) & field]
        yield ComparedEInvoice(row, _STATES[state], held, fields)
