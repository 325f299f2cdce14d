"""Euro amounts: always Decimal, always two places, never float."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def euro(value: Decimal | int | str) -> Decimal:
    """Return the amount rounded half up to the cent; a float is refused with TypeError."""
    if isinstance(value, float):
        raise TypeError("A float is not money.")
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)
