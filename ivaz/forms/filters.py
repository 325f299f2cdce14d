"""Input of the lists of waybills and of files of them; shape only."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.web.uploads import SeveralFilesField
from ivaz.selectors import WaybillQuery
from ivaz.words import ROLES, STATES, VIEWS

if TYPE_CHECKING:
    from django.forms import BoundField


class WaybillFilterForm(forms.Form):
    """Which waybills to show."""

    common = ("q", "state", "role")

    q = forms.CharField(
        label=_("Number, plate, party or address"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=lambda: [
            ("", _("All")),
            *((view.value, word) for view, word in VIEWS.items()),
            *((state.value, word) for state, (word, _tone) in STATES.items()),
        ],
    )
    role = forms.ChoiceField(
        label=_("You are"),
        required=False,
        choices=lambda: [("", _("Anybody")), *((role.value, word) for role, word in ROLES.items())],
    )

    since = forms.DateField(
        label=_("Dispatched from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Dispatched to"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    @property
    def common_fields(self) -> "list[BoundField]":
        """The fields that are seen at once."""
        return [self[name] for name in self.common]

    @property
    def more_fields(self) -> "list[BoundField]":
        """The fields behind the summary."""
        return [field for field in self.visible_fields() if field.name not in self.common]

    @property
    def more_are_used(self) -> bool:
        """Whether a field behind the summary asks for something, so that it stands open."""
        return any(field.value() for field in self.more_fields)

    @property
    def query(self) -> WaybillQuery:
        """What is looked for; what cannot be read is left out."""
        self.is_valid()
        asked = dict(self.cleaned_data)
        return WaybillQuery(text=asked.pop("q", ""), **asked)


class TripForm(forms.Form):
    """Which vehicle, on which day."""

    plate = forms.CharField(
        label=_("Plate of the vehicle"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    day = forms.DateField(
        label=_("Day of dispatch"), widget=forms.DateInput(attrs={"type": "date"})
    )


class WaybillUploadForm(forms.Form):
    """Files to send and whether they are only to be checked."""

    documents = SeveralFilesField(label=_("i.VAZ files"), allow_empty_file=True)
    dry_run = forms.BooleanField(
        label=_("Check without submitting"),
        help_text=_("The files are checked in the same way, but no waybill is made or changed."),
        required=False,
    )
