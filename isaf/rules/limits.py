"""Limits of our own that change by the day: schemas/isaf/limits.csv."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from imas.kernel.classifiers import classifier

_TABLE = "isaf/limits.csv"


@lru_cache(maxsize=1024)
def limit_on(code: str, day: date) -> Decimal:
    """Return what a limit was on a day; LookupError where the table has no line for it."""
    entry = classifier(_TABLE).on(code, day)
    if entry is None:
        raise LookupError(f"{_TABLE}: {code} on {day}")
    return Decimal(entry.row["value"])
