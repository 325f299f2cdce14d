from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imas.kernel.periods import Period, PeriodKind

CODES = ["2026-10", "2026-02", "2024-Q4", "2026-H1", "2026-H2", "2026-10-05/2026-11-03"]


@pytest.mark.parametrize("code", CODES)
def test_a_code_names_one_period(code: str) -> None:
    assert Period.parse(code).code == code


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-Q5", "2026-H3", "2026-1", "H1-2026"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Period.parse(text)


def test_a_period_that_ends_before_it_starts_cannot_exist() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Period(date(2026, 10, 2), date(2026, 10, 1))


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        (Period.month(2024, 2), PeriodKind.MONTH),
        (Period.quarter(2026, 3), PeriodKind.QUARTER),
        (Period.half_year(2026, 2), PeriodKind.HALF_YEAR),
        (Period(date(2026, 2, 1), date(2026, 4, 30)), PeriodKind.OTHER),
        (Period(date(2026, 10, 2), date(2026, 10, 31)), PeriodKind.OTHER),
    ],
)
def test_the_kind_is_told_by_the_days(period: Period, kind: PeriodKind) -> None:
    assert period.kind is kind


@pytest.mark.parametrize(
    ("code", "deadline"),
    [
        ("2026-10", date(2026, 11, 20)),
        ("2026-12", date(2027, 1, 20)),
        ("2026-H1", date(2026, 7, 20)),
        ("2026-10-05/2026-11-03", date(2026, 11, 23)),
    ],
)
def test_registers_are_due_on_the_twentieth(code: str, deadline: date) -> None:
    assert Period.parse(code).deadline == deadline


@given(st.dates(), st.integers(0, 400), st.dates(), st.integers(0, 400))
def test_overlap_is_mutual_and_means_a_shared_day(
    start: date, days: int, other_start: date, other_days: int
) -> None:
    one = Period(start, _after(start, days))
    other = Period(other_start, _after(other_start, other_days))
    shared = max(one.start, other.start) <= min(one.end, other.end)
    assert one.overlaps(other) == other.overlaps(one) == shared


def _after(day: date, days: int) -> date:
    return min(day + timedelta(days=min(days, (date.max - day).days)), date.max)
