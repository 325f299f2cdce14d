"""Addresses of entering by hand."""

from django.urls import URLPattern, path, register_converter

from imas.kernel.periods import Period
from isaf.types import RegisterType
from isaf.views import entering, importing

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


register_converter(PeriodConverter, "period")
register_converter(RegisterConverter, "register")

_SHEET = "<period:period>/<register:register>/"

urlpatterns: list[URLPattern] = [
    path("<period:period>/hand-over/", entering.entry_hand_over, name="entry-hand-over"),
    path(_SHEET, entering.entry, name="entry"),
    path(f"{_SHEET}check/", entering.entry_check, name="entry-check"),
    path(f"{_SHEET}parties/", entering.entry_parties, name="entry-parties"),
    path(f"{_SHEET}import/", importing.entry_import, name="entry-import"),
    path(f"{_SHEET}import/<uuid:import_id>/", importing.entry_columns, name="entry-columns"),
    path(f"{_SHEET}<int:row_id>/", entering.entry_row, name="entry-row"),
    path(f"{_SHEET}<int:row_id>/remove/", entering.entry_remove, name="entry-remove"),
    path(f"{_SHEET}<int:row_id>/cancel/", entering.entry_cancel, name="entry-cancel"),
]
