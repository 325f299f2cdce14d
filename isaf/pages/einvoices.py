"""E-invoices beside the register, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from isaf.selectors.einvoices import ComparedEInvoice, EInvoiceState

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

STATES: "Mapping[EInvoiceState, _StrPromise]" = {
    EInvoiceState.MATCHED: pgettext_lazy("cross-check", "Matches"),
    EInvoiceState.DIFFERS: _("Data differ"),
    EInvoiceState.MISSING: _("Missing from your register"),
    EInvoiceState.WAITING: _("Waiting for your register"),
}
_TONES: Mapping[EInvoiceState, str] = {
    EInvoiceState.MATCHED: "success",
    EInvoiceState.DIFFERS: "warning",
    EInvoiceState.MISSING: "danger",
    EInvoiceState.WAITING: "neutral",
}
FIELDS: "Mapping[str, _StrPromise]" = {
    "issued": _("Issue date"),
    "buyer": _("Buyer"),
    "taxable": _("Taxable value"),
    "vat": _("VAT"),
    "total": _("Total"),
}
HEADERS = (
    _("State"),
    _("What differs"),
    _("Source"),
    _("Number"),
    _("Issue date"),
    _("Buyer"),
    _("Buyer’s VAT code"),
    _("Buyer’s code"),
    _("Currency"),
    _("Taxable value"),
    _("VAT"),
    _("Total"),
    _("Your taxable value"),
    _("Your VAT"),
    _("Your total"),
)


@dataclass(frozen=True, slots=True)
class ShownEInvoice:
    """An e-invoice with its words and the address of our invoice."""

    compared: ComparedEInvoice

    @property
    def word(self) -> "_StrPromise":
        """The state in words."""
        return STATES[self.compared.state]

    @property
    def tone(self) -> str:
        """The tone of the state."""
        return _TONES[self.compared.state]

    @property
    def differing(self) -> "list[_StrPromise]":
        """The names of what differs."""
        return [FIELDS[name] for name in self.compared.fields]

    @property
    def url(self) -> str:
        """Where our invoice is shown, "" when there is none."""
        ours = self.compared.ours
        if ours is None:
            return ""
        return reverse("isaf:invoice", args=[ours.register, ours.part_id, ours.position])

    @property
    def cells(self) -> tuple[object, ...]:
        """The cells of the e-invoice, in the order of HEADERS."""
        theirs, ours = self.compared.einvoice, self.compared.ours
        return (
            str(self.word),
            ", ".join(map(str, self.differing)),
            theirs.source,
            theirs.number,
            theirs.issued,
            theirs.buyer_name,
            theirs.buyer_vat,
            theirs.buyer_code,
            theirs.currency,
            theirs.taxable,
            theirs.vat,
            theirs.total,
            ours.taxable if ours else None,
            ours.vat if ours else None,
            ours.total if ours else None,
        )
