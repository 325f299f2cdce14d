"""The terms of comparison of the cross-check, by the month of the deal: schemas/isaf/limits.csv."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from imas.kernel.classifiers import rows
from imas.kernel.money import ZERO

_TOLERANCE = "crosscheck-tolerance"


@cache
def tolerances() -> Sequence[tuple[date, Decimal]]:
    """Return from which day on two amounts may differ by how many euros and still agree."""
    return sorted(
        (date.fromisoformat(row["valid_from"] or f"{date.min}"), Decimal(row["value"]))
        for row in rows("isaf/limits.csv")
        if row["code"] == _TOLERANCE
    )


def tolerance_on(day: date) -> Decimal:
    """Return by how many euros two amounts of a day may differ and still agree."""
    return next((euros for since, euros in reversed(tolerances()) if since <= day), ZERO)
