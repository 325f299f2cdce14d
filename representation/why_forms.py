"""Input of the page that tells why somebody may do something."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.web.fields import DayField
from representation.rights import RIGHTS

EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(days=3 * 366)


class WhyForm(forms.Form):
    """A person connected with the taxpayer, a right and a day."""

    person = forms.ChoiceField(label=_("Person"))
    right = forms.ChoiceField(label=_("Right"), choices=list(RIGHTS.items()))
    day = DayField(label=_("Day"))

    def __init__(self, people: Mapping[str, str], given: Mapping[str, Any]) -> None:
        first = {"person": next(iter(people), ""), "right": next(iter(RIGHTS))}
        today = {"day": clock.today().isoformat()}
        super().__init__({**first, **today, **{name: given[name] for name in given}})
        asked = given.get("person", "")
        others = [] if asked in people or not asked else [(asked, _("Another person"))]
        self.fields["person"].choices = [*people.items(), *others]  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        """Days before there were registers and far ahead tell nothing."""
        day: date = self.cleaned_data["day"]
        if not EARLIEST <= day <= clock.today() + AHEAD:
            raise forms.ValidationError(_("Choose a day between 2000 and three years from now."))
        return day


class SomebodyForm(forms.Form):
    """Anybody at all, by the personal code."""

    right = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    day = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    personal_code = forms.CharField(
        label=_("Personal code"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
