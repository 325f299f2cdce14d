"""Input of the pages about mandates and keys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from representation.rights import RIGHTS


def day_input() -> forms.DateInput:
    """Return the input of one day."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SearchForm(forms.Form):
    """A few letters of a name, or a code."""

    q = forms.CharField(
        label=_("Name, code or VAT code"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class RepresentativeForm(forms.Form):
    """The rights of one person and their last day."""

    rights = forms.MultipleChoiceField(
        label=_("Rights"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=_("Last day"),
        widget=day_input(),
        help_text=_("Both sides are reminded before it comes."),
    )

    def __init__(self, rights: frozenset[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(name, label) for name, label in RIGHTS.items() if name in rights]
        self.fields["rights"].choices = offered  # type: ignore[attr-defined]
