"""Tax periods: runs of whole days with the codes people write them by."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

DEADLINE_DAY = 20
"""Registers are due by the 20th of the month after the period (VMI, KM1930; since 2019-07-01)."""

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_PART_OF_YEAR = re.compile(r"(\d{4})-([QH])([1-4])")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})")


class PeriodKind(StrEnum):
    """The lengths a tax period may have; OTHER is any other run of days."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    OTHER = "other"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6}


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A run of days; both ends belong to it. Ends before it starts: ValueError."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"A period ends before it starts: {self.start}/{self.end}")

    def __str__(self) -> str:
        return self.code

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """Return the calendar month."""
        return cls(date(year, month, 1), _month_end(year, month))

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Self:
        """Return the calendar quarter, 1 to 4."""
        return cls(date(year, quarter * 3 - 2, 1), _month_end(year, quarter * 3))

    @classmethod
    def half_year(cls, year: int, half: int) -> Self:
        """Return the calendar half-year, 1 or 2."""
        return cls(date(year, half * 6 - 5, 1), _month_end(year, half * 6))

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read a code as written by `code`; anything else is a ValueError."""
        if found := _MONTH.fullmatch(code):
            return cls.month(int(found[1]), int(found[2]))
        if found := _PART_OF_YEAR.fullmatch(code):
            make = cls.quarter if found[2] == "Q" else cls.half_year
            return make(int(found[1]), int(found[3]))
        if found := _DAYS.fullmatch(code):
            return cls(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
        raise ValueError(f"Not a period: {code!r}")

    @property
    def kind(self) -> PeriodKind:
        """Tell which calendar period this is exactly, or OTHER."""
        months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
        whole = self.start.day == 1 and self.end == _month_end(self.end.year, self.end.month)
        for kind, length in _MONTHS.items():
            if whole and months == length and (self.start.month - 1) % length == 0:
                return kind
        return PeriodKind.OTHER

    @property
    def code(self) -> str:
        """Return the short code: 2026-10, 2026-Q4, 2026-H2 or 2026-10-05/2026-11-03."""
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.start:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.start.year}-Q{self.end.month // 3}"
            case PeriodKind.HALF_YEAR:
                return f"{self.start.year}-H{self.end.month // 6}"
            case PeriodKind.OTHER:
                return f"{self.start:%Y-%m-%d}/{self.end:%Y-%m-%d}"

    @property
    def deadline(self) -> date:
        """Return the last day on which the registers of this period are in time."""
        if self.kind is PeriodKind.OTHER:
            return self.end + timedelta(days=DEADLINE_DAY)
        following = self.end + timedelta(days=1)
        return following.replace(day=DEADLINE_DAY)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether the two share a day."""
        return self.start <= other.end and other.start <= self.end


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
