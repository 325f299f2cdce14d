"""Registers as people ask for them: by period, by number, with their sums and findings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Sum, Value
from django.db.models.functions import Coalesce

from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from imas.kernel.money import ZERO
from imas.kernel.periods import Period, PeriodKind
from imas.web.db import EuroSumField
from isaf.limits import parts_within, reach_of
from isaf.models import (
    PairRefresh,
    Part,
    Postponement,
    PostponementState,
    Register,
    RegisterPart,
)
from isaf.models.registers import RegisterQuerySet
from isaf.selectors.postponements import latest_requests
from isaf.types import EVERYWHERE, Reach, RegisterState, RegisterType
from representation.models import Taxpayer
from representation.types import Acting

_PAIRS_WAIT = Exists(
    PairRefresh.objects.given_up().filter(
        taxpayer_id=OuterRef("taxpayer_id"), start=OuterRef("start"), end=OuterRef("end")
    )
)
"""Whether making the pairs of the register's period failed too often."""

SHOWN_MONTHS = 13
"""A year back and the running month."""


INVOICES = frozenset({RegisterType.SALES, RegisterType.PURCHASE})
"""The registers that every period has."""


@dataclass(frozen=True)
class PeriodLine:
    """A tax period of a taxpayer: when it is due and where its registers stand."""

    period: Period
    deadline: date
    registers: Sequence[Register] = field(default=())
    wanted: frozenset[RegisterType] = INVOICES
    """The registers that the reader is concerned with."""
    postponement: Postponement | None = None
    """The latest request to postpone the deadline."""

    @property
    def is_over(self) -> bool:
        """Whether the period has ended, so that its registers can be complete."""
        return self.period.end < clock.today()

    @property
    def open_registers(self) -> Sequence[Register]:
        """Registers that wait to be submitted."""
        return [row for row in self.registers if row.state == RegisterState.PREPARING]

    @property
    def is_done(self) -> bool:
        """Whether the invoice registers were submitted and none waits or was rejected."""
        done = {RegisterState.SUBMITTED, RegisterState.ACCEPTED}
        submitted = {row.type for row in self.registers if row.state in done}
        return self.wanted <= submitted and not self.open_registers

    @property
    def may_be_postponed(self) -> bool:
        """Whether postponing it may be asked for: it is not done, and no request waits or holds."""
        standing = (PostponementState.ASKED, PostponementState.GRANTED)
        has_one = self.postponement is not None and self.postponement.state in standing
        return not self.is_done and not has_one

    @property
    def is_due(self) -> bool:
        """Whether something is still to be done for it."""
        return self.is_over and not self.is_done


def registers_of(acting: Acting, period: Period | None = None) -> RegisterQuerySet:
    """Return the registers the mandate shows, newest period first, with their sums."""
    rows = Register.objects.visible_to(acting)
    if period is not None:
        rows = rows.filter(start__gte=period.start, end__lte=period.end)
    return with_sums(rows, reach_of(acting, "isaf.view"))


def with_sums(rows: RegisterQuerySet, reach: Reach = EVERYWHERE) -> RegisterQuerySet:
    """Add to registers what their parts hold: invoices, taxable, vat; and all their findings.

    Summed is what is reached; the numbers of findings of the register's own checks are whole.
    """
    seen = parts_within(reach, "type", "shown__part_number")

    def summed(column: str) -> Sum:
        return Sum(f"shown__part__{column}", filter=seen or None)

    return rows.annotate(
        invoices=Coalesce(summed("invoices"), 0),
        taxable=Coalesce(summed("taxable"), Value(ZERO), output_field=EuroSumField()),
        vat=Coalesce(summed("vat"), Value(ZERO), output_field=EuroSumField()),
        all_errors=Coalesce(summed("error_count"), 0) + F("errors"),
        all_warnings=Coalesce(summed("warning_count"), 0) + F("warnings"),
    )


def find_register(acting: Acting, number: str) -> Register:
    """Return one register with its sums; NotFoundError("register-not-found") to strangers too."""
    register = registers_of(acting).filter(number=number).annotate(pairs_wait=_PAIRS_WAIT).first()
    if register is None:
        raise NotFoundError("register-not-found", number=number)
    return register


def find_submitted(acting: Acting, number: str) -> Register:
    """Return a register to whoever may submit it, though he may not look at others."""
    return with_sums(Register.objects.of_taxpayer(acting.taxpayer_id)).get(number=number)


def errors_of(register: Register) -> int:
    """Return how many errors stand in a register's files and in its own checks."""
    in_parts = register.shown.aggregate(errors=Coalesce(Sum("part__error_count"), 0))["errors"]
    return int(in_parts) + register.errors


def period_lines(acting: Acting) -> list[PeriodLine]:
    """Return the periods of the last thirteen months, newest first, with the newest registers."""
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    periods = _periods(taxpayer, clock.today())
    rows = registers_of(acting).filter(start__gte=periods[-1].start)
    by_period: dict[Period, dict[str, Register]] = {period: {} for period in periods}
    for row in rows.order_by("start", "revision"):
        by_period.setdefault(row.period, {})[row.type] = row
    wanted = INVOICES & reach_of(acting, "isaf.view").types
    asked = latest_requests(acting, {period.start for period in by_period})
    return [
        _line(period, _in_order(found.values()), wanted, asked.get(period))
        for period, found in sorted(by_period.items(), reverse=True)
    ]


def _line(
    period: Period,
    registers: Sequence[Register],
    wanted: frozenset[RegisterType],
    asked: Postponement | None,
) -> PeriodLine:
    moved = asked.granted_until if asked else None
    return PeriodLine(period, moved or period.deadline, registers, wanted, asked)


def _in_order(registers: Iterable[Register]) -> list[Register]:
    order = list(RegisterType)
    return sorted(registers, key=lambda row: order.index(RegisterType(row.type)))


def _periods(taxpayer: Taxpayer, today: date) -> list[Period]:
    """Return the tax periods of the last year and the running one, newest first."""
    kind = taxpayer.period_kind_on(today)
    oldest = today - timedelta(days=31 * SHOWN_MONTHS)
    periods = [period_at(kind, today)]
    while periods[-1].start > oldest.replace(day=1) and len(periods) < SHOWN_MONTHS:
        periods.append(period_at(kind, periods[-1].start - timedelta(days=1)))
    return periods


def period_at(kind: PeriodKind | None, day: date) -> Period:
    """Return the tax period of this kind that holds the day; a month when the kind is unknown."""
    if kind is PeriodKind.HALF_YEAR:
        return Period.half_year(day.year, 1 if day.month <= 6 else 2)
    if kind is PeriodKind.QUARTER:
        return Period.quarter(day.year, (day.month + 2) // 3)
    return Period.month(day.year, day.month)


def parts_of(register: Register) -> Sequence[RegisterPart]:
    """Return the parts a register shows, with the files they came from."""
    return list(register.seen.select_related("part", "part__document").order_by("part_number"))


def replaced_parts(register: Register) -> Sequence[Part]:
    """Return the parts of the period that the register no longer shows, newest first."""
    of_period = Part.objects.filter(
        taxpayer_id=register.taxpayer_id,
        type=register.type,
        start=register.start,
        end=register.end,
        kept_at__isnull=False,
    ).filter(parts_within(register.reach, "type", "part_number"))
    return list(of_period.exclude(shown__register=register).select_related("document")[:50])
