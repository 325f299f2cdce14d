"""Input of the journal page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.web.fields import DayField


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """Which entries: by whom, of what, from which day till which (both included)."""

    person: int | None = None
    action: str = ""
    since: date | None = None
    until: date | None = None


class JournalFilterForm(forms.Form):
    """Whose entries, of which action, of which days."""

    person = forms.TypedChoiceField(label=_("Who"), required=False, coerce=int, empty_value=None)
    action = forms.ChoiceField(label=_("What"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(
        self, given: Mapping[str, Any], people: Mapping[int, str], actions: Mapping[str, str]
    ) -> None:
        super().__init__(given)
        everybody, everything = [("", _("Everybody"))], [("", _("Everything"))]
        self.fields["person"].choices = [*everybody, *people.items()]  # type: ignore[attr-defined]
        self.fields["action"].choices = [*everything, *actions.items()]  # type: ignore[attr-defined]

    @property
    def query(self) -> JournalQuery:
        """What was asked for; what makes no sense is not asked for."""
        self.is_valid()
        asked = self.cleaned_data
        return JournalQuery(
            asked.get("person"), asked.get("action") or "", asked.get("since"), asked.get("until")
        )
