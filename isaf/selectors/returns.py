"""What the pages and the web service read of preliminary returns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Prefetch

from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from imas.kernel.periods import Period, PeriodKind
from isaf.models import (
    PreliminaryReturn,
    Register,
    ReturnLine,
    ReturnLineFile,
    ReturnTotal,
    ReturnVersion,
)
from isaf.returns.boxes import Filled, Sums, fill
from isaf.returns.forms import Box, FormName, boxes_on
from isaf.returns.standing import Counted
from isaf.selectors.registers import period_at
from isaf.types import RegisterState, RegisterType
from representation.models import TaxPeriodKind
from representation.types import Acting

RIGHT = "isaf.returns"

OFFERED = 24
"""So many ended periods are offered to order."""

_FIRST_DAY = date(2016, 10, 1)
_ASKED = (RegisterType.SALES, RegisterType.PURCHASE)


def counting_registers(taxpayer_id: int, period: Period) -> list[Register]:
    """Return the registers a return of the period is computed from."""
    return list(
        Register.objects.of_taxpayer(taxpayer_id).filter(
            current=True,
            state__in=[RegisterState.SUBMITTED, RegisterState.ACCEPTED],
            start__gte=period.start,
            end__lte=period.end,
        )
    )


def is_complete(period: Period, registers: Iterable[Register]) -> bool:
    """Tell whether registers of issued and of received invoices cover every day of the period."""
    return not missing_days(period, registers)


def missing_days(period: Period, registers: Iterable[Register]) -> Mapping[RegisterType, Period]:
    """Return, for each register of invoices that has a hole in the period, the first of it."""
    covered = list(registers)
    found = {}
    for type_ in _ASKED:
        runs = sorted(register.period for register in covered if register.type == type_)
        if hole := _first_hole(period, runs):
            found[type_] = hole
    return found


def _first_hole(period: Period, runs: Sequence[Period]) -> Period | None:
    day = period.start
    for run in runs:
        if run.start > day:
            return Period(day, run.start - timedelta(days=1))
        day = max(day, run.end + timedelta(days=1))
    return Period(day, period.end) if day <= period.end else None


def newest_version(found: PreliminaryReturn) -> ReturnVersion | None:
    """Return the version computed last."""
    return found.versions.order_by("-number").first()


def returns_of(acting: Acting) -> Sequence[PreliminaryReturn]:
    """Return the taxpayer's returns, the latest period first, each with its versions."""
    newest = ReturnVersion.objects.order_by("-number")
    found = PreliminaryReturn.objects.visible_to(acting).order_by("-start", "-form", "-end")
    return list(found.prefetch_related(Prefetch("versions", queryset=newest)))


def find_return(acting: Acting, return_id: UUID) -> PreliminaryReturn:
    """Return a return of the taxpayer; NotFoundError("return-not-found")."""
    found = PreliminaryReturn.objects.visible_to(acting).filter(pk=return_id).first()
    if found is None:
        raise NotFoundError("return-not-found")
    return found


def find_version(found: PreliminaryReturn, number: int | None = None) -> ReturnVersion:
    """Return a version of a return, the newest unless asked; NotFoundError("return-not-found")."""
    versions = found.versions.select_related("of")
    version = versions.filter(number=number).first() if number else versions.first()
    if version is None:
        raise NotFoundError("return-not-found")
    return version


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What the rows of a version come to: by rule where counted, by standing where not."""

    counted: Mapping[str, Sums]
    apart: Mapping[Counted, Mapping[str, Sums]]

    def filled(self, day: date, percent: int) -> Mapping[str, Filled]:
        """Return the boxes of FR0600."""
        return fill(self.counted, day, percent)


def breakdown_of(version: ReturnVersion) -> Breakdown:
    """Return what the totals of a version say."""
    sums: dict[Counted, dict[str, Sums]] = {}
    for total in ReturnTotal.objects.filter(version=version):
        of_standing = sums.setdefault(Counted(total.standing), {})
        of_standing[total.rule] = Sums(
            total.rows, total.taxable, total.vat, total.direct, total.shared
        )
    counted = sums.pop(Counted.COUNTED, {})
    return Breakdown(counted, sums)


def lines_of(found: PreliminaryReturn) -> Sequence[ReturnLine]:
    """Return what was put in beside the registers of a return's period, and not taken out."""
    lines = ReturnLine.objects.filter(
        taxpayer_id=found.taxpayer_id,
        start__gte=found.start,
        end__lte=found.end,
        removed_at=None,
    )
    return list(lines.select_related("added_by").prefetch_related("files"))


def file_of_line(acting: Acting, line_id: int, proof_id: int) -> ReturnLineFile:
    """Return a file of a line, taken out or not; NotFoundError("return-line-not-found")."""
    acting.require(RIGHT)
    found = ReturnLineFile.objects.filter(
        pk=proof_id, line_id=line_id, line__taxpayer_id=acting.taxpayer_id
    ).first()
    if found is None:
        raise NotFoundError("return-line-not-found")
    return found


def earlier_ones(found: PreliminaryReturn) -> Sequence[PreliminaryReturn]:
    """Return the returns of the same form and length of a year before, the latest first."""
    newest = ReturnVersion.objects.order_by("-number")
    others = PreliminaryReturn.objects.filter(
        taxpayer_id=found.taxpayer_id,
        form=found.form,
        start__lt=found.start,
        start__gte=found.start.replace(year=found.start.year - 1),
    ).order_by("-start")
    kind = found.period.kind
    with_versions = others.prefetch_related(Prefetch("versions", queryset=newest))
    return [one for one in with_versions if one.period.kind is kind]


def boxes_of(found: PreliminaryReturn) -> Mapping[str, int]:
    """Return the boxes of the newest version; none before it is computed."""
    version = next(iter(found.versions.all()), None)
    return version.boxes if version else {}


def box_of(found: PreliminaryReturn, number: str) -> Box:
    """Return a box of FR0600 as it was in the period of a return."""
    return boxes_on(found.start)[number]


def sibling(found: PreliminaryReturn, form: FormName) -> PreliminaryReturn | None:
    """Return the other form of the same taxpayer and period, if it was ordered."""
    newest = ReturnVersion.objects.order_by("-number")
    return (
        PreliminaryReturn.objects.filter(
            taxpayer_id=found.taxpayer_id, form=form, start=found.start, end=found.end
        )
        .prefetch_related(Prefetch("versions", queryset=newest))
        .first()
    )


def periods_to_order(acting: Acting) -> Sequence[Period]:
    """Return the last ended tax periods of a taxpayer, the latest first."""
    kinds = list(TaxPeriodKind.objects.filter(taxpayer_id=acting.taxpayer_id))
    periods: list[Period] = []
    day = clock.today()
    while len(periods) < OFFERED and day > _FIRST_DAY:
        period = period_at(_kind_on(kinds, day), day)
        if period.end < clock.today():
            periods.append(period)
        day = period.start - timedelta(days=1)
    return periods


def _kind_on(kinds: Iterable[TaxPeriodKind], day: date) -> PeriodKind | None:
    found = (row for row in kinds if row.valid_from <= day <= (row.valid_to or date.max))
    row = next(found, None)
    return PeriodKind(row.kind) if row else None


def later_periods(found: PreliminaryReturn, how_many: int = 12) -> Sequence[Period]:
    """Return the periods of the same length that follow a return's."""
    later, day = [], found.end
    for _ in range(how_many):
        later.append(period_at(found.period.kind, day + timedelta(days=1)))
        day = later[-1].end
    return later
