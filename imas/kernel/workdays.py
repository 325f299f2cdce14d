"""Working days of Lithuania: Monday to Friday without public holidays (Labour Code, 123)."""

from datetime import date, timedelta
from functools import cache, lru_cache

import holidays


def is_working_day(day: date) -> bool:
    """Tell whether a day is worked."""
    return bool(_calendar().is_working_day(day))


@lru_cache(maxsize=4096)
def working_days_after(day: date, count: int) -> date:
    """Return the working day that comes so many working days after a day; the day is not counted.

    Nought is the day itself, worked or not; a negative count is a ValueError.
    """
    if count < 0:
        raise ValueError(count)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("LT")
