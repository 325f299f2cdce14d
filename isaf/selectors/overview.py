"""Reads for the start page: few queries whatever the number of registers or clients."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from imas.kernel import clock
from imas.kernel.money import ZERO
from imas.kernel.periods import Period, PeriodKind
from isaf.limits import parts_within, reach_of
from isaf.models import Register, RegisterPart
from isaf.selectors.postponements import deadlines_moved
from isaf.selectors.registers import PeriodLine, period_at, period_lines
from isaf.types import RegisterType
from representation.models import TaxPeriodKind
from representation.types import Acting

DUE_PERIODS = 3
"""How many ended periods are looked at for what was left undone."""


@dataclass(frozen=True, slots=True)
class VatOfPeriod:
    """VAT of the registers of one period that count, in euros."""

    start: date
    issued: Decimal
    received: Decimal


def due_lines(acting: Acting) -> list[PeriodLine]:
    """Return the latest ended periods for which something is still to be done, oldest first."""
    over = [line for line in period_lines(acting) if line.is_over][:DUE_PERIODS]
    return [line for line in reversed(over) if line.is_due]


def vat_by_month(acting: Acting) -> list[VatOfPeriod]:
    """Return the VAT of the last year's current registers, oldest period first."""
    since = clock.today() - timedelta(days=400)
    counting = Register.objects.visible_to(acting).filter(current=True, start__gte=since)
    seen = parts_within(reach_of(acting, "isaf.view"), "register__type", "part_number")
    shown = RegisterPart.objects.filter(seen, register__in=counting.values("pk"))
    shown = shown.order_by("register__start")
    sums: dict[date, dict[str, Decimal]] = defaultdict(dict)
    for start, type_, vat in shown.values_list("register__start", "register__type").annotate(
        sum=Sum("part__vat")
    ):
        sums[start][type_] = vat
    return [
        VatOfPeriod(start, of.get(RegisterType.SALES, ZERO), of.get(RegisterType.PURCHASE, ZERO))
        for start, of in sums.items()
    ]


def last_lines(taxpayer_ids: Sequence[int], today: date) -> Mapping[int, PeriodLine]:
    """Return for each taxpayer the last ended period with its newest registers."""
    kinds = TaxPeriodKind.objects.filter(taxpayer_id__in=taxpayer_ids).on(today)
    kind_of = {row.taxpayer_id: PeriodKind(row.kind) for row in kinds}
    periods = {
        taxpayer_id: _last_ended(kind_of.get(taxpayer_id), today) for taxpayer_id in taxpayer_ids
    }
    held: dict[tuple[int, Period], dict[str, Register]] = defaultdict(dict)
    rows = Register.objects.filter(
        taxpayer_id__in=taxpayer_ids,
        start__in={period.start for period in periods.values()},
        cancelled_at=None,
    )
    for row in rows.order_by("revision"):
        held[row.taxpayer_id, row.period][row.type] = row
    moved = deadlines_moved(taxpayer_ids, {period.start for period in periods.values()})
    return {
        pk: PeriodLine(
            period, moved.get((pk, period), period.deadline), list(held[pk, period].values())
        )
        for pk, period in periods.items()
    }


def _last_ended(kind: PeriodKind | None, today: date) -> Period:
    running = period_at(kind, today)
    return period_at(kind, running.start - timedelta(days=1))
