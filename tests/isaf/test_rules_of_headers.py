"""What a header must say: the taxpayer, the period, the parts, the data type."""

from datetime import date
from typing import Any

import pytest

from imas.kernel.periods import Period, PeriodKind
from imas.kernel.problems import Severity
from isaf import rules
from isaf.types import DataType, DateRange, Header, PeriodKindRange, RegisterType, TaxpayerFacts
from tests.isaf import make

MONTHLY = make.facts(period_kinds=(PeriodKindRange(PeriodKind.MONTH, make.ALWAYS),))
HALF_YEARLY = make.facts(period_kinds=(PeriodKindRange(PeriodKind.HALF_YEAR, make.ALWAYS),))
ANY_PERIOD = make.facts(period_kinds=(PeriodKindRange(PeriodKind.OTHER, make.ALWAYS),))


def _header(start: str, end: str, **changes: Any) -> Header:
    return make.header(start=date.fromisoformat(start), end=date.fromisoformat(end), **changes)


def _found(header: Header, facts: TaxpayerFacts | None) -> list[tuple[str, str]]:
    problems = rules.header_problems(header, facts, make.TODAY)
    return [(problem.code, problem.reason) for problem in problems]


HALF = ("2026-01-01", "2026-06-30")
PERIODS = [
    # code, reason, whose, wrong period, whose, right period
    ("12005", "", None, ("2026-10-31", "2026-10-01"), None, ("2026-10-01", "2026-10-31")),
    ("12003", "", None, ("2026-12-01", "2026-12-31"), None, ("2026-10-01", "2026-10-31")),
    ("12007", "", MONTHLY, ("2026-01-05", "2026-02-03"), ANY_PERIOD, ("2026-01-05", "2026-02-03")),
    ("12008", "", None, ("2026-04-01", "2026-09-30"), None, HALF),
    ("12009", "month-expected", MONTHLY, HALF, HALF_YEARLY, HALF),
    ("12010", "", HALF_YEARLY, ("2026-05-01", "2026-05-31"), MONTHLY, ("2026-05-01", "2026-05-31")),
    ("12011", "", None, ("2026-01-05", "2026-01-28"), None, ("2026-01-01", "2026-01-31")),
    ("12011", "", MONTHLY, ("2024-02-01", "2024-02-28"), MONTHLY, ("2024-02-01", "2024-02-29")),
    ("12012", "", HALF_YEARLY, ("2026-01-01", "2026-06-29"), HALF_YEARLY, HALF),
    ("12012", "", None, ("2026-01-05", "2026-02-03"), ANY_PERIOD, ("2026-01-05", "2026-02-03")),
]


@pytest.mark.parametrize(("code", "reason", "whose", "wrong", "other", "right"), PERIODS)
def test_a_period_is_judged_by_the_taxpayers_kind_of_period(
    code: str,
    reason: str,
    whose: TaxpayerFacts | None,
    wrong: tuple[str, str],
    other: TaxpayerFacts | None,
    right: tuple[str, str],
) -> None:
    assert _found(_header(*wrong), whose) == [(code, reason)]
    assert _found(_header(*right), other) == []


def test_a_kind_of_period_counts_only_while_it_is_in_force() -> None:
    until_2025 = DateRange(None, date(2025, 12, 31))
    facts = make.facts(period_kinds=(PeriodKindRange(PeriodKind.HALF_YEAR, until_2025),))
    assert _found(_header("2025-05-01", "2025-05-31"), facts) == [("12010", "")]
    assert _found(_header("2026-05-01", "2026-05-31"), facts) == []


def test_the_expected_days_are_named() -> None:
    (problem,) = rules.header_problems(_header("2026-01-05", "2026-01-28"), None, make.TODAY)
    assert (problem.params["first"], problem.params["last"]) == ("2026-01-01", "2026-01-31")
    (problem,) = rules.header_problems(_header("2025-08-01", "2025-08-31"), HALF_YEARLY, make.TODAY)
    assert (problem.params["first"], problem.params["last"]) == ("2025-07-01", "2025-12-31")


def test_a_period_may_repeat_but_not_cut_across_a_stored_one() -> None:
    stored = make.facts(stored_periods=(make.OCTOBER, Period.half_year(2026, 1)))
    assert _found(make.header(), stored) == []
    assert _found(_header("2026-05-01", "2026-05-31"), stored) == [("12013", "")]


def test_the_taxpayer_must_be_known_and_represented() -> None:
    unknown, stranger = make.facts(found=False), make.facts(may_upload=False)
    assert _found(make.header(), unknown) == [("12001", "")]
    assert _found(make.header(), stranger) == [("12002", "")]
    assert _found(make.header(), make.facts()) == []


@pytest.mark.parametrize("code", ["304823024", "12345678901", "1234", ""])
def test_a_code_nobody_can_have_needs_no_look_up(code: str) -> None:
    assert _found(make.header(registration_number=code), None) == [("12001", "not-a-code")]


def test_a_stage_with_an_error_is_the_last() -> None:
    wrong = _header("2026-10-31", "2026-10-05", registration_number="1")
    assert _found(wrong, None) == [("12001", "not-a-code"), ("12005", "")]


def test_a_period_still_running_is_only_noted() -> None:
    (problem,) = rules.header_problems(_header("2026-11-01", "2026-11-30"), None, make.TODAY)
    assert (problem.code, problem.severity) == ("isaf.period-not-over", Severity.INFO)


@pytest.mark.parametrize(
    ("parts", "part", "found"),
    [(1, "2", True), (0, "1", True), (2, "2", False), (None, "9", False), (1, "KAUNAS", False)],
)
def test_a_numbered_part_is_within_the_number_of_parts(
    parts: int | None, part: str, found: bool
) -> None:
    header = make.header(number_of_parts=parts, part_number=part)
    assert (("isaf.part-beyond-count", "") in _found(header, None)) is found


SALES, PURCHASE = {RegisterType.SALES: 3}, {RegisterType.PURCHASE: 3}


@pytest.mark.parametrize(
    ("data_type", "counts", "reason"),
    [
        (DataType.PURCHASES, SALES, "p-with-sales"),
        (DataType.SALES, PURCHASE, "s-with-purchases"),
        (DataType.PURCHASES, PURCHASE, None),
        (DataType.SALES, SALES, None),
        (DataType.FULL, SALES, None),
        (DataType.PURCHASES, {}, None),
    ],
)
def test_the_data_type_is_compared_with_what_the_file_held(
    data_type: DataType, counts: dict[RegisterType, int], reason: str | None
) -> None:
    header = make.header(data_type=data_type)
    problems = list(rules.contents_problems(header, None, counts, make.TODAY))
    assert [problem.reason for problem in problems] == ([reason] if reason else [])
    assert all(problem.severity is Severity.WARNING for problem in problems)
    assert all(problem.params["count"] == "3" for problem in problems)
