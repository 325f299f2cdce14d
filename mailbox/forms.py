"""Input of the mailbox."""

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mailbox.selectors import Wanted

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

VIEWS = {"": _("All"), "unread": _("Unread"), "archive": _("Archive")}


def _day(label: "_StrOrPromise") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)


class FilterForm(forms.Form):
    """Which messages to show; the subsystem is chosen by the tabs."""

    subsystem = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    view = forms.ChoiceField(
        label=pgettext_lazy("which messages", "Show"), choices=list(VIEWS.items()), required=False
    )
    since = _day(_("From"))
    until = _day(_("To"))

    def wanted(self) -> Wanted:
        """What was asked for; what makes no sense is not asked for."""
        self.is_valid()
        asked = self.cleaned_data
        return Wanted(
            view=asked.get("view", ""),
            subsystem=asked.get("subsystem", ""),
            text=asked.get("q", ""),
            since=asked.get("since"),
            until=asked.get("until"),
        )


class _Ids(forms.TypedMultipleChoiceField):
    """Ids of whatever is there; whose they are is the service's question."""

    def valid_value(self, value: str) -> bool:
        """Take anything that is an id."""
        try:
            UUID(value)
        except ValueError:
            return False
        return True


class ManyForm(forms.Form):
    """The messages chosen in a list, and the filters of that list."""

    message = _Ids(coerce=UUID)
    back = forms.CharField(required=False, max_length=500)

    def way_back(self) -> str:
        """Return the address of the list as it was filtered."""
        query = self.cleaned_data.get("back", "")
        return f"{reverse('mailbox:messages')}{'?' if query else ''}{query}"
