"""Fields of forms: amounts and days as people write them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

_SINCE = date(2016, 7, 1)
"""The first day the schema takes for most dates."""
_UNTIL = date(2100, 1, 1)
_BLANKS = {ord(blank): None for blank in (" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}")}


class AmountField(forms.DecimalField):
    """Euros as people write them: a comma or a point, blanks between thousands."""

    def __init__(self, **given: Any) -> None:
        shape = {"max_digits": 18, "decimal_places": 2, **given}
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "text-end"}), **shape
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as DecimalField
        """Read what was typed."""
        text = f"{value or ''}".translate(_BLANKS).replace("\N{MINUS SIGN}", "-")
        return super().to_python(text.replace(",", "."))

    def prepare_value(self, value: Any) -> Any:
        """Show a kept amount as it is typed in the reader's language."""
        if isinstance(value, Decimal):
            return f"{value:f}".replace(".", f"{get_format('DECIMAL_SEPARATOR')}")
        return value


class DayField(forms.DateField):
    """A day within the bounds that the schema sets."""

    def __init__(self, *, since: date = _SINCE, **given: Any) -> None:
        self.since = since
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **given)

    def validate(self, value: date | None) -> None:
        """Refuse a day that no file may hold."""
        super().validate(value)
        if value is not None and not self.since <= value <= _UNTIL:
            raise ValidationError(_("Write a day from %(day)s on.") % {"day": f"{self.since}"})


class MomentField(forms.DateTimeField):
    """A moment on the clock of Lithuania, to the minute, as browsers give it."""

    def __init__(self, **given: Any) -> None:
        shape = "%Y-%m-%dT%H:%M"
        super().__init__(
            input_formats=[shape, f"{shape}:%S"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=shape),
            **given,
        )
