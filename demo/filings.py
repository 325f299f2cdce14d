"""Which company filed which period of the demo economy, and how far it got.

Most periods are filed in time. The last ended month is where everybody differs: filed, prepared
only, prepared with errors, or not begun; so that every page has something to show.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from demo.economy import Economy
from demo.people import Company
from imas.kernel.periods import Period


class Progress(StrEnum):
    """How far a company got with a period."""

    SUBMITTED = "submitted"
    PREPARED = "prepared"
    WITH_ERRORS = "with-errors"


@dataclass(frozen=True, slots=True)
class Filing:
    """One company's registers of one period."""

    company: Company
    period: Period
    progress: Progress


def filings(economy: Economy, today: date) -> Iterator[Filing]:
    """Yield what was filed, oldest period first; the first company has not begun its last one."""
    ended = [month for month in economy.months if month.end < today]
    for month in ended[:-1]:
        yield from _all_submitted(economy, month)
    if ended:
        yield from _last_month(economy, ended[-1])


def _all_submitted(economy: Economy, month: Period) -> Iterator[Filing]:
    for company in economy.companies:
        if not company.half_yearly:
            yield Filing(company, month, Progress.SUBMITTED)
        elif month.start.month in {6, 12}:
            half = Period.half_year(month.start.year, month.start.month // 6)
            yield Filing(company, half, Progress.SUBMITTED)


def _last_month(economy: Economy, month: Period) -> Iterator[Filing]:
    _first, *others = (company for company in economy.companies if not company.half_yearly)
    for company in others:
        draw = zlib.crc32(company.code.encode()) % 10
        if draw < 6:
            yield Filing(company, month, Progress.SUBMITTED)
        elif draw < 8:
            yield Filing(company, month, Progress.PREPARED)
        elif draw == 8:
            yield Filing(company, month, Progress.WITH_ERRORS)
