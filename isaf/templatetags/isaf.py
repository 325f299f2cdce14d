"""How registers, periods and document types are called on pages."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.utils import formats
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from imas.kernel.periods import Period, PeriodKind
from isaf.types import InvoiceType, RegisterState, RegisterType

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

register = template.Library()

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


@register.filter
def period_name(period: Period) -> str:
    """Name a tax period as a heading does: 2026 m. spalis, 2026 m. I pusmetis."""
    if period.kind is PeriodKind.MONTH:
        return formats.date_format(period.start, "YEAR_MONTH_FORMAT")
    if period.kind is PeriodKind.HALF_YEAR:
        year = {"year": period.start.year}
        if period.start.month == 1:
            return gettext("first half of %(year)s") % year
        return gettext("second half of %(year)s") % year
    if period.kind is PeriodKind.QUARTER:
        params = {"year": period.start.year, "quarter": period.end.month // 3}
        return gettext("quarter %(quarter)s of %(year)s") % params
    return f"{period.start}–{period.end}"


@register.filter
def period_names(codes: Iterable[str]) -> str:
    """Name tax periods given by their codes, one after another."""
    return ", ".join(period_name(Period.parse(code)) for code in codes)
