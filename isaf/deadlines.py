"""When the registers of i.SAF are due, for the calendar and the reminders."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from imas.kernel.periods import Period, PeriodKind
from isaf.models import Register
from isaf.selectors import PeriodLine
from isaf.selectors.postponements import deadlines_moved
from isaf.selectors.registers import period_at
from mailbox import deadlines, words
from mailbox.deadlines import Deadline
from representation.models import TaxPeriodKind, VatRegistration

WORDS = {
    "isaf.registers-due": (
        _("i.SAF registers of %(period)s: submit by %(day)s"),
        _(
            "The registers of VAT invoices of the tax period %(period)s have to be submitted by "
            "%(day)s. Open the registers to see what is still missing."
        ),
    ),
}

_LONGEST = timedelta(days=220) + settings.ISAF_POSTPONED_LONGEST
"""A half-year, the time till its deadline, and by how much that may be postponed."""

Key = tuple[int, Period]


def register() -> None:
    """Give the calendar the deadlines of this subsystem, and their words."""
    words.register(WORDS)
    deadlines.register(registers_due)


def registers_due(
    taxpayer_ids: Sequence[int], since: date, until: date
) -> Mapping[int, list[Deadline]]:
    """Tell the deadlines of periods in which the taxpayer is a VAT payer (VA-55), in four queries.

    The kind of the period is the one in force when the period begins. A deadline that was
    postponed lies on the day granted.
    """
    kinds: dict[int, list[TaxPeriodKind]] = defaultdict(list)
    for kind in TaxPeriodKind.objects.filter(taxpayer_id__in=taxpayer_ids):
        kinds[kind.taxpayer_id].append(kind)
    payers: dict[int, list[VatRegistration]] = defaultdict(list)
    for payer in VatRegistration.objects.filter(taxpayer_id__in=taxpayer_ids):
        payers[payer.taxpayer_id].append(payer)
    begun = {
        pk: [
            period
            for period in _periods(kinds[pk], since - _LONGEST, until)
            if _overlaps(rows, period)
        ]
        for pk, rows in payers.items()
    }
    moved = deadlines_moved(begun, {one.start for found in begun.values() for one in found})
    periods = {
        pk: [one for one in found if since <= moved.get((pk, one), one.deadline) <= until]
        for pk, found in begun.items()
    }
    held = _registers(periods)
    return {
        pk: [
            _deadline(period, moved.get((pk, period), period.deadline), held[pk, period])
            for period in found
        ]
        for pk, found in periods.items()
    }


def _deadline(period: Period, day: date, registers: Mapping[str, Register]) -> Deadline:
    line = PeriodLine(period, day, list(registers.values()))
    return Deadline(
        subsystem="isaf",
        key=f"isaf.registers.{period.code}",
        day=day,
        code="isaf.registers-due",
        right="isaf.view",
        is_done=line.is_done,
        url_name="isaf:registers",
        params={"period": period.code, "day": day.isoformat()},
    )


def _periods(kinds: Sequence[TaxPeriodKind], since: date, until: date) -> Iterator[Period]:
    day = since
    while day <= until:
        period = period_at(_kind_on(kinds, day), day)
        yield period
        day = period.end + timedelta(days=1)


def _kind_on(kinds: Sequence[TaxPeriodKind], day: date) -> PeriodKind | None:
    for row in kinds:
        if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
            return PeriodKind(row.kind)
    return None


def _overlaps(rows: Sequence[VatRegistration], period: Period) -> bool:
    return any(
        row.valid_from <= period.end and (row.valid_to is None or period.start <= row.valid_to)
        for row in rows
    )


def _registers(periods: Mapping[int, Sequence[Period]]) -> Mapping[Key, dict[str, Register]]:
    """Return the newest register of each type, of the periods asked for."""
    held: dict[Key, dict[str, Register]] = defaultdict(dict)
    starts = {period.start for found in periods.values() for period in found}
    rows = Register.objects.filter(
        taxpayer_id__in=list(periods), start__in=starts, cancelled_at=None
    )
    for row in rows.order_by("revision"):
        held[row.taxpayer_id, row.period][row.type] = row
    return held
