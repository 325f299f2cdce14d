"""Input of the pages about mandates and keys."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imas.web.fields import DayField
from imas.web.filters import SearchField
from representation import limits
from representation.limits import LimitKind
from representation.rights import RIGHTS
from representation.types import WHOLE, Narrowing


class SearchForm(forms.Form):
    """A few letters of a name, or a code."""

    q = SearchField(label=_("Name, code or VAT code"))


class NarrowingForm(forms.Form):
    """What a mandate is narrowed by: a choice for every kind of limit the subsystems know."""

    read_only = forms.BooleanField(
        label=_("Read only: may look, but change and send nothing"),
        required=False,
        help_text=_("Of the rights ticked those to see and to read are given, the others are not."),
    )

    def __init__(self, *args: Any, narrowing: Narrowing = WHOLE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["read_only"].initial = narrowing.read_only
        for kind in limits.kinds():
            self.fields[_field_of(kind)] = _limit_field(kind, narrowing.limits.get(kind.name, ()))

    @property
    def narrowing_fields(self) -> list[str]:
        """The names of the fields of this form, in order."""
        return ["read_only", *(_field_of(kind) for kind in limits.kinds())]

    def narrowing(self) -> Narrowing:
        """Return what was chosen; a value nobody knows is `limit-not-known`."""
        typed = {kind.name: self.cleaned_data[_field_of(kind)] for kind in limits.kinds()}
        return Narrowing(limits.understood(typed), self.cleaned_data["read_only"])


class _ValuesField(forms.CharField):
    """Values of a limit that are typed, with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        """Show the values as they are typed."""
        return value if isinstance(value, str) or value is None else ", ".join(sorted(value))

    def clean(self, value: Any) -> list[str]:
        """Return the values; which are allowed is told by their kind."""
        return [one for one in (part.strip() for part in super().clean(value).split(",")) if one]


def _field_of(kind: LimitKind) -> str:
    return f"limit-{kind.name.replace('.', '-')}"


def _limit_field(kind: LimitKind, values: Iterable[str]) -> forms.Field:
    shared: dict[str, Any] = {"label": kind.label, "required": False, "help_text": kind.help_text}
    if kind.choices:
        choices = list(kind.choices.items())
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, initial=sorted(values), **shared
        )
    return _ValuesField(initial=sorted(values), max_length=500, **shared)


class RepresentativeForm(NarrowingForm):
    """The rights of one person, their limits and their last day."""

    rights = forms.MultipleChoiceField(
        label=_("Rights"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    until = DayField(label=_("Last day"), help_text=_("Both sides are reminded before it comes."))

    def __init__(self, rights: frozenset[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(name, label) for name, label in RIGHTS.items() if name in rights]
        self.fields["rights"].choices = offered  # type: ignore[attr-defined]
        before = list(self.field_order or ["rights"])
        place = before.index("rights") + 1
        self.order_fields([*before[:place], *self.narrowing_fields, *before[place:]])
