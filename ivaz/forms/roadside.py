"""Input of checks on the road; shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.web.fields import DayField
from imas.web.filters import SearchField
from ivaz.selectors import RoadsideLogQuery
from ivaz.services.roadside import LEAST_NOTE, LONGEST, Ground
from ivaz.types import RoadsideReason
from ivaz.words import INSTITUTIONS, ROADSIDE_REASONS


class GroundForm(forms.Form):
    """Why a waybill is looked at."""

    reason = forms.ChoiceField(
        label=_("Why you check"),
        choices=lambda: [(one.value, word) for one, word in ROADSIDE_REASONS.items()],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Number of the inspection, or words"),
        help_text=_("It is kept with the search and cannot be changed."),
        min_length=LEAST_NOTE,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    @property
    def ground(self) -> Ground:
        """What was given as the ground."""
        return Ground(RoadsideReason(self.cleaned_data["reason"]), self.cleaned_data["note"])


class RoadsideForm(GroundForm):
    """What is looked for, and why."""

    q = forms.CharField(
        label=_("Plate, number, RN or ARN"),
        help_text=_("Whole; blanks, dashes and capitals do not count."),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    field_order = ("q", "reason", "note")


class RoadsideLogForm(forms.Form):
    """Which searches to show."""

    who = SearchField(label=_("Login name of the officer"), max_length=64)
    institution = forms.ChoiceField(
        label=_("Institution"),
        required=False,
        choices=lambda: [
            ("", _("All")),
            *((one.value, word) for one, word in INSTITUTIONS.items()),
        ],
    )
    rn = SearchField(label=_("RN of a waybill opened"), max_length=40)
    since = DayField(label=_("From the day"), required=False)
    until = DayField(label=_("To the day"), required=False)

    @property
    def query(self) -> RoadsideLogQuery:
        """What is looked for; what cannot be read is left out."""
        self.is_valid()
        asked: dict[str, Any] = self.cleaned_data
        return RoadsideLogQuery(**{name: value for name, value in asked.items() if value})
