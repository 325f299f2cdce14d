"""Input of the desk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_FIELDS = {
    "B_MM_Adresas": _("Address"),
    "B_MM_Epastas": _("E-mail address or telephone"),
    "B_MM_Tel": _("Telephone"),
    "E10": _("Main activity, EVRK code (box 10)"),
}
_LONGEST = {"E10": 6}


class CompletionForm(forms.Form):
    """What the taxpayer completes of a declaration: the fields of these that the form has."""

    def __init__(self, given: Any, held: Mapping[str, str]) -> None:
        super().__init__(given, initial={name: held[name] for name in _FIELDS if name in held})
        for name, label in _FIELDS.items():
            if name in held:
                self.fields[name] = forms.CharField(
                    label=label, required=False, max_length=_LONGEST.get(name, 30)
                )
