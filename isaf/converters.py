"""Parts of addresses: tax periods, registers, keys of deals, and names of lists and systems."""

from django.urls import register_converter

from imas.kernel.periods import Period
from isaf.models import EInvoiceSource
from isaf.types import RegisterType, ViewPage

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


class KeyConverter:
    """The key of a deal, 64 bits with a sign."""

    regex = r"-?\d{1,19}"

    def to_python(self, value: str) -> int:
        """Read the key; ValueError, and so not found, beyond 64 bits."""
        key = int(value)
        if not -(2**63) <= key < 2**63:
            raise ValueError(value)
        return key

    def to_url(self, value: int | str) -> str:
        """Write the key."""
        return f"{value}"


class ViewPageConverter:
    """A page that views are saved of."""

    regex = "|".join(ViewPage)

    def to_python(self, value: str) -> ViewPage:
        """Read the name."""
        return ViewPage(value)

    def to_url(self, value: str) -> str:
        """Write the name."""
        return f"{value}"


class EInvoiceSourceConverter:
    """A system that e-invoices come from, in small letters."""

    regex = "|".join(source.lower() for source in EInvoiceSource)

    def to_python(self, value: str) -> EInvoiceSource:
        """Read the name."""
        return EInvoiceSource(value.upper())

    def to_url(self, value: str) -> str:
        """Write the name."""
        return value.lower()


def register() -> None:
    """Let addresses hold these parts."""
    register_converter(PeriodConverter, "period")
    register_converter(RegisterConverter, "register")
    register_converter(KeyConverter, "key")
    register_converter(ViewPageConverter, "view_page")
    register_converter(EInvoiceSourceConverter, "einvoice_source")
