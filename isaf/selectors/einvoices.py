"""E-invoices of a seller beside his register of issued invoices.

The register of the period that holds the issue date is asked, by the number; of several rows with
one number the one that differs least is shown. A page costs three queries: the e-invoices, the
registers, and the rows with these numbers, for which the rows of the period's parts are read once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.db.models import QuerySet

from imas.kernel.identifiers import normalise_vat
from imas.kernel.periods import Period
from imas.web.paging import Keyset, Page
from isaf.crosscheck_terms import tolerance_on
from isaf.limits import require_whole
from isaf.models import EInvoice, Register
from isaf.selectors.filtering import rows_of
from isaf.types import RegisterState, RegisterType
from representation.types import Acting

RIGHT = "isaf.crosscheck"
_KEYSET = Keyset("issued", "id", size=50)
_BATCH = 1_000
_EURO = "EUR"


class EInvoiceState(StrEnum):
    """How an e-invoice stands to the register."""

    MATCHED = "matched"
    DIFFERS = "differs"
    MISSING = "missing"
    WAITING = "waiting"


class InRegister(NamedTuple):
    """An invoice of the register with the number of an e-invoice; sums in euros."""

    number_norm: str
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


def _issued(acting: Acting, period: Period) -> QuerySet[EInvoice]:
    acting.require(RIGHT)
    require_whole(acting, RIGHT, RegisterType.SALES)
    return EInvoice.objects.filter(
        seller_id=acting.taxpayer_id, issued__range=(period.start, period.end)
    ).order_by("issued", "id")


def _compared(
    acting: Acting, period: Period, rows: Sequence[EInvoice]
) -> Iterator[ComparedEInvoice]:
    registers = _registers(acting, period)
    held = _held(registers, {row.number_norm for row in rows})
    for row in rows:
        covered = any(one.start <= row.issued <= one.end for one in registers)
        yield _judged(row, held.get(row.number_norm, ()), covered=covered)


def _registers(acting: Acting, period: Period) -> list[Register]:
    """The registers of issued invoices that count and share days with the period."""
    return list(
        Register.objects.of_taxpayer(acting.taxpayer_id).filter(
            type=RegisterType.SALES,
            current=True,
            state__in=(RegisterState.SUBMITTED, RegisterState.ACCEPTED),
            start__lte=period.end,
            end__gte=period.start,
        )
    )


def _held(
    registers: Iterable[Register], numbers: Iterable[str]
) -> Mapping[str, Sequence[InRegister]]:
    found: dict[str, list[InRegister]] = {}
    asked = {
        "registers": [one.pk for one in registers],
        "starts": list({one.start for one in registers}),
        "numbers": list(numbers),
    }
    if asked["registers"] and asked["numbers"]:
        for row in map(InRegister._make, rows_of(_ROWS, asked)):
            found.setdefault(row.number_norm, []).append(row)
    return found


def _judged(einvoice: EInvoice, held: Sequence[InRegister], *, covered: bool) -> ComparedEInvoice:
    if not held:
        state = EInvoiceState.MISSING if covered else EInvoiceState.WAITING
        return ComparedEInvoice(einvoice, state)
    ours = min(held, key=lambda row: len(_differences(einvoice, row)))
    fields = _differences(einvoice, ours)
    state = EInvoiceState.DIFFERS if fields else EInvoiceState.MATCHED
    return ComparedEInvoice(einvoice, state, ours, fields)


def _differences(einvoice: EInvoice, ours: InRegister) -> list[str]:
    """Name what differs; sums in another currency than the register's are not compared."""
    found = []
    if ours.issued != einvoice.issued:
        found.append("issued")
    if _other_buyer(einvoice, ours):
        found.append("buyer")
    if einvoice.currency == _EURO:
        tolerance = tolerance_on(einvoice.issued)
        found += [
            name
            for name in ("taxable", "vat", "total")
            if abs(getattr(ours, name) - getattr(einvoice, name)) > tolerance
        ]
    return found


def _other_buyer(einvoice: EInvoice, ours: InRegister) -> bool:
    """Tell another buyer: by the VAT codes where both say one, else by the codes."""
    theirs = normalise_vat(ours.buyer_vat)
    if einvoice.buyer_vat and theirs:
        return einvoice.buyer_vat != theirs
    return bool(einvoice.buyer_code and ours.buyer_code) and (
        einvoice.buyer_code != ours.buyer_code
    )


_ROWS = """
SELECT i.number_norm, r.number, i.part_id, i.position, i.number, i.issued, i.counterparty_vat,
       i.counterparty_code, i.taxable, i.vat, i.total
  FROM isaf_register AS r
  JOIN isaf_registerpart AS s ON s.register_id = r.id
  JOIN isaf_invoice AS i ON i.period_start = r.start AND i.part_id = s.part_id
 WHERE r.id = ANY(%(registers)s::uuid[]) AND i.period_start = ANY(%(starts)s)
   AND i.number_norm = ANY(%(numbers)s) AND i.type <> 'AN'
 ORDER BY i.part_id, i.position
"""
