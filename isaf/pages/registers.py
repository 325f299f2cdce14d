"""What the pages of a register share: the ways to its other pages, and what is filtered by."""

from dataclasses import dataclass
from typing import Any, cast

from django.forms import ChoiceField, DateField, DecimalField
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from imas.web.templatetags.imas import amount, day
from isaf.forms.filters import InvoiceFilterForm
from isaf.models import Register
from isaf.selectors import NOTHING
from isaf.types import RegisterType


def register_tabs(register: Register, current: str) -> list[dict[str, Any]]:
    """Return the pages of a register (which has its sums); `current` is the address shown."""
    is_settlement = register.type == RegisterType.SETTLEMENT
    found = register.all_errors + register.all_warnings  # type: ignore[attr-defined]
    groups = [] if is_settlement else [_tab(current, "register-groups", register, _("Groups"))]
    return [
        _tab(current, "register", register, _("Settlements") if is_settlement else _("Invoices")),
        *groups,
        _tab(current, "register-problems", register, _("Problems"), found),
        _tab(current, "register-parts", register, _("Parts and history")),
    ]


def _tab(
    current: str, name: str, register: Register, label: str, count: int | None = None
) -> dict[str, Any]:
    url = reverse(f"isaf:{name}", args=[register.number])
    return {"url": url, "label": label, "count": count, "is_current": url == current}


@dataclass(frozen=True)
class Chip:
    """A filter that is in use, and the address of the page without it."""

    label: str
    value: str
    url: str


def chips_of(form: InvoiceFilterForm, query: QueryDict) -> list[Chip]:
    """Return the filters in use, in the order of the form."""
    return [
        Chip(
            str(field.label) if not field.is_hidden else _("Counterparty"),
            _told(field.field, form.cleaned_data[field.name]),
            _without(query, field.name),
        )
        for field in form.asked()
    ]


def _told(field: Any, value: Any) -> str:
    """Say a value as the reader knows it."""
    if value == NOTHING:
        return _("none")
    if isinstance(field, ChoiceField):
        return str(dict(cast("Any", field.choices))[value])
    if isinstance(field, DateField):
        return str(day(value))
    return amount(value) if isinstance(field, DecimalField) else str(value)


def _without(query: QueryDict, name: str) -> str:
    left = query.copy()
    for gone in (name, "at"):
        left.pop(gone, None)
    for empty in [key for key, value in left.items() if not value]:
        del left[empty]
    return f"?{left.urlencode()}"
