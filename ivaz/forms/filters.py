"""Input of the lists of waybills and of files of them; shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.web.uploads import SeveralFilesField
from ivaz.selectors import WaybillQuery
from ivaz.words import ROLES, STATES


class WaybillFilterForm(forms.Form):
    """Which waybills to show."""

    q = forms.CharField(
        label=_("RN, number or plate"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=lambda: [
            ("", _("All")),
            ("open", _("Something is still to come")),
            *((state.value, word) for state, (word, _tone) in STATES.items()),
        ],
    )
    role = forms.ChoiceField(
        label=_("You are"),
        required=False,
        choices=lambda: [("", _("Anybody")), *((role.value, word) for role, word in ROLES.items())],
    )

    @property
    def query(self) -> WaybillQuery:
        """What is looked for; what cannot be read is left out."""
        asked = self.cleaned_data if self.is_valid() else {}
        return WaybillQuery(asked.get("q", ""), asked.get("state", ""), asked.get("role", ""))


class WaybillUploadForm(forms.Form):
    """Files to send and whether they are only to be checked."""

    documents = SeveralFilesField(label=_("i.VAZ files"), allow_empty_file=True)
    dry_run = forms.BooleanField(
        label=_("Check without submitting"),
        help_text=_("The files are checked in the same way, but no waybill is made or changed."),
        required=False,
    )
