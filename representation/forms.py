"""Input of the pages about mandates and keys."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.requests import PersonRequest
from accounts.services import is_password_of
from imas.kernel import clock
from representation.rights import RIGHTS


def _day_input() -> forms.DateInput:
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
        widget=_day_input(),
        help_text=_("Both sides are reminded before it comes."),
    )

    def __init__(self, rights: frozenset[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(name, label) for name, label in RIGHTS.items() if name in rights]
        self.fields["rights"].choices = offered  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    """What a new key is to open; the password shows that the owner is at the keyboard."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("For example, the name of your program.")
    )
    rights = forms.MultipleChoiceField(
        label=_("Rights"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(label=_("Last day"), widget=_day_input())
    for_all = forms.BooleanField(
        label=_("For every taxpayer for whom I may manage keys"), required=False
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(
        self, request: PersonRequest, rights: frozenset[str], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        offered = [(name, label) for name, label in RIGHTS.items() if name in rights]
        self.fields["rights"].choices = offered  # type: ignore[attr-defined]
        self.fields["until"].initial = clock.today() + timedelta(days=settings.KEY_MAX_DAYS)

    def clean_password(self) -> str:
        """Refuse a wrong password."""
        password = str(self.cleaned_data["password"])
        if not is_password_of(self.request, self.request.user, password):
            raise ValidationError(_("This is not your password."))
        return ""
