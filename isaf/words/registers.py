"""Official names of registers and of the documents in them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from isaf.types import InvoiceType, RegisterType

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REGISTERS: "dict[str, _StrPromise]" = {
    RegisterType.SALES: _("Issued invoices"),
    RegisterType.PURCHASE: _("Received invoices"),
    RegisterType.SETTLEMENT: _("Settlements and payments"),
}
INVOICE_TYPES: "dict[str, _StrPromise]" = {
    InvoiceType.SF: _("VAT invoice"),
    InvoiceType.KS: _("Credit VAT invoice"),
    InvoiceType.DS: _("Debit VAT invoice"),
    InvoiceType.VS: _("Single VAT invoice"),
    InvoiceType.VK: _("Single credit VAT invoice"),
    InvoiceType.VD: _("Single debit VAT invoice"),
    InvoiceType.AN: _("Cancelled VAT invoice"),
}
