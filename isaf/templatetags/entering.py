"""How the lines and kinds of records entered by hand are called."""

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext_lazy as _

from isaf.models import EntryRow
from isaf.types import RegisterType, SettlementKind

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

register = template.Library()

_LINES: "dict[str, _StrPromise]" = {
    "rows": _("VAT by code"),
    "references": _("Invoices it corrects"),
    "invoices": _("Settled invoices"),
}
_MORE: "dict[str, _StrPromise]" = {
    "rows": _("One more VAT code"),
    "references": _("One more corrected invoice"),
    "invoices": _("One more settled invoice"),
}


@register.filter
def entry_lines_name(name: str) -> str:
    """Name the lines of a record."""
    return str(_LINES[name])


@register.filter
def entry_more_words(name: str) -> str:
    """Say what another line is."""
    return str(_MORE[name])


@register.filter
def entry_kind(row: EntryRow) -> str:
    """Say the type of an entered invoice, or which way the money went."""
    if row.type != RegisterType.SETTLEMENT:
        return row.kind
    return str(_("received") if row.kind == SettlementKind.RECEIVED else _("paid"))
