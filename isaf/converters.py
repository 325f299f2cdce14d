"""Parts of addresses: tax periods and registers."""

from imas.kernel.periods import Period
from isaf.types import RegisterType

_SIDES = {
    "sales": RegisterType.SALES,
    "purchases": RegisterType.PURCHASE,
    "settlements": RegisterType.SETTLEMENT,
}
_NAMES: dict[str, str] = {type_: name for name, type_ in _SIDES.items()}


class PeriodConverter:
    """A tax period by its code; what is no period is not found."""

    regex = r"\d{4}-(?:\d{2}|[QH]\d|\d{2}-\d{2}/\d{4}-\d{2}-\d{2})"

    def to_python(self, value: str) -> Period:
        """Read the code."""
        return Period.parse(value)

    def to_url(self, value: Period | str) -> str:
        """Write the code."""
        return f"{value}"


class RegisterConverter:
    """A register by a short name."""

    regex = "|".join(_SIDES)

    def to_python(self, value: str) -> RegisterType:
        """Read the name."""
        return _SIDES[value]

    def to_url(self, value: str) -> str:
        """Write the name."""
        return _NAMES.get(value, value)
