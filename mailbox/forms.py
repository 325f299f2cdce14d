"""Input of the mailbox."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VIEWS = {"": _("All"), "unread": _("Unread"), "archive": _("Archive")}


class FilterForm(forms.Form):
    """Which messages to show."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    subsystem = forms.ChoiceField(label=_("Subsystem"), required=False)
    view = forms.ChoiceField(
        label=pgettext_lazy("which messages", "Show"), choices=list(VIEWS.items()), required=False
    )

    def __init__(self, subsystems: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("All")), *subsystems.items()]
        self.fields["subsystem"].choices = every  # type: ignore[attr-defined]
