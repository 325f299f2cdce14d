"""Tax periods in the reader's words; what is stored of them is their codes."""

from collections.abc import Iterable

from django.utils import formats
from django.utils.translation import gettext

from imas.kernel.periods import Period, PeriodKind


def period_name(period: Period) -> str:
    """Name a tax period as a heading does: 2026 m. spalis, 2026 m. I pusmetis."""
    if period.kind is PeriodKind.MONTH:
        return formats.date_format(period.start, "YEAR_MONTH_FORMAT")
    if period.kind is PeriodKind.HALF_YEAR:
        year = {"year": period.start.year}
        if period.start.month == 1:
            return gettext("first half of %(year)s") % year
        return gettext("second half of %(year)s") % year
    if period.kind is PeriodKind.QUARTER:
        params = {"year": period.start.year, "quarter": period.end.month // 3}
        return gettext("quarter %(quarter)s of %(year)s") % params
    return f"{period.start}–{period.end}"


def period_names(codes: Iterable[str]) -> str:
    """Name tax periods given by their codes, one after another."""
    return ", ".join(period_name(Period.parse(code)) for code in codes)
