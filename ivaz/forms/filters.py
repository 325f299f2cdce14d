"""Input of the lists of waybills and of files of them; shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.web.fields import DayField
from imas.web.filters import FoldedForm, SearchField
from imas.web.uploads import SeveralFilesField
from ivaz.listing import WaybillQuery
from ivaz.words import ROLES, STATES, VIEWS


class WaybillFilterForm(FoldedForm):
    """Which waybills to show."""

    common = ("q", "state", "role")

    q = SearchField(label=_("Number, plate, party or address"))
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

    since = DayField(label=_("Dispatched from"), required=False)
    until = DayField(label=_("Dispatched to"), required=False)

    @property
    def query(self) -> WaybillQuery:
        """What is looked for; what cannot be read is left out."""
        self.is_valid()
        asked = dict(self.cleaned_data)
        return WaybillQuery(text=asked.pop("q", ""), **asked)


class TripForm(forms.Form):
    """Which vehicle, on which day."""

    plate = SearchField(label=_("Plate of the vehicle"), required=True, max_length=20)
    day = DayField(label=_("Day of dispatch"))


class WaybillUploadForm(forms.Form):
    """Files to send and whether they are only to be checked."""

    documents = SeveralFilesField(label=_("i.VAZ files"), allow_empty_file=True)
    dry_run = forms.BooleanField(
        label=_("Check without submitting"),
        help_text=_("The files are checked in the same way, but no waybill is made or changed."),
        required=False,
    )
