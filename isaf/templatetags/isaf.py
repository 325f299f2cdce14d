"""How registers, periods and document types are called on pages."""

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from imas.web.periods import period_name, period_names
from isaf.types import InvoiceType, RegisterState, RegisterType

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

register = template.Library()
register.filter(period_name)
register.filter(period_names)

_TYPES: "dict[str, _StrPromise]" = {
    RegisterType.SALES: _("Issued invoices"),
    RegisterType.PURCHASE: _("Received invoices"),
    RegisterType.SETTLEMENT: _("Settlements and payments"),
}
_STATES: "dict[str, _StrPromise]" = {
    RegisterState.PREPARING: pgettext_lazy("register", "Being prepared"),
    RegisterState.SUBMITTED: pgettext_lazy("register", "Submitted"),
    RegisterState.ACCEPTED: pgettext_lazy("register", "Accepted"),
    RegisterState.REJECTED: pgettext_lazy("register", "Not accepted"),
}
_INVOICE_TYPES: "dict[str, _StrPromise]" = {
    InvoiceType.SF: _("VAT invoice"),
    InvoiceType.KS: _("Credit VAT invoice"),
    InvoiceType.DS: _("Debit VAT invoice"),
    InvoiceType.VS: _("Single VAT invoice"),
    InvoiceType.VK: _("Single credit VAT invoice"),
    InvoiceType.VD: _("Single debit VAT invoice"),
    InvoiceType.AN: _("Cancelled VAT invoice"),
}
_SOURCES: "dict[str, _StrPromise]" = {
    "PORTAL_FORM": _("entered in the portal"),
    "PORTAL_FILE": _("uploaded in the portal"),
    "SERVICE_FILE": _("sent by the web service"),
}


@register.filter
def register_type(value: str) -> str:
    """Name a register by its type."""
    return str(_TYPES[value])


@register.filter
def register_state(value: str) -> str:
    """Say the official word for a register's state."""
    return str(_STATES[value])


@register.filter
def invoice_type(value: str) -> str:
    """Say what a document's type mark means."""
    return str(_INVOICE_TYPES.get(value, value))


@register.filter
def part_source(value: str) -> str:
    """Say how a part came in."""
    return str(_SOURCES[value])
