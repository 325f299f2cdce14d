"""Input of the page where roles are given."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exchange.roles import roles_on
from imas.kernel import clock


class RolesForm(forms.Form):
    """The roles of one representative in one system."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, system: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "lt"
        offered = [(one.code, one.words(language)) for one in roles_on(system, clock.today())]
        self.fields["roles"].choices = offered  # type: ignore[attr-defined]
