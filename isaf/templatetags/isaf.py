"""How registers, periods and document types are called on pages."""

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from imas.web.periods import period_name, period_names
from isaf.types import RegisterState
from isaf.words.registers import INVOICE_TYPES, REGISTERS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

register = template.Library()
register.filter(period_name)
register.filter(period_names)

_STATES: "dict[str, _StrPromise]" = {
    RegisterState.PREPARING: pgettext_lazy("register", "Being prepared"),
    RegisterState.SUBMITTED: pgettext_lazy("register", "Submitted"),
    RegisterState.ACCEPTED: pgettext_lazy("register", "Accepted"),
    RegisterState.REJECTED: pgettext_lazy("register", "Not accepted"),
}
_POSTPONEMENTS: "dict[str, _StrPromise]" = {
    "asked": _("postponement asked for"),
    "granted": _("postponed"),
    "refused": _("not postponed"),
    "withdrawn": _("request taken back"),
}
_SOURCES: "dict[str, _StrPromise]" = {
    "PORTAL_FORM": _("entered in the portal"),
    "PORTAL_FILE": _("uploaded in the portal"),
    "SERVICE_FILE": _("sent by the web service"),
}


@register.filter
def register_type(value: str) -> str:
    """Name a register by its type."""
    return str(REGISTERS[value])


@register.filter
def register_state(value: str) -> str:
    """Say the official word for a register's state."""
    return str(_STATES[value])


@register.filter
def invoice_type(value: str) -> str:
    """Say what a document's type mark means."""
    return str(INVOICE_TYPES.get(value, value))


@register.filter
def part_source(value: str) -> str:
    """Say how a part came in."""
    return str(_SOURCES[value])


@register.filter
def postponement_state(value: str) -> str:
    """Say where a request to postpone a deadline stands."""
    return str(_POSTPONEMENTS[value])


@register.filter
def postponement_tone(value: str) -> str:
    """Return how grave a state of a request is."""
    return {"granted": "success", "refused": "danger", "asked": "info"}.get(value, "neutral")
