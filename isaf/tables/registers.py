"""Columns of the i.SAF lists that people take away."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from isaf.selectors import InvoiceRow

INVOICE_HEADERS = (
    _("Number"),
    _("Issue date"),
    _("Type"),
    _("Counterparty"),
    _("VAT code"),
    _("Code"),
    _("Country"),
    _("Taxable value"),
    _("VAT"),
    _("Total"),
    _("Part"),
    _("Line in the file"),
    _("Problems"),
)


def invoice_cells(row: InvoiceRow) -> Sequence[Any]:
    """Return the cells of an invoice, in the order of INVOICE_HEADERS."""
    return (
        row.number,
        row.issued,
        row.type,
        row.counterparty_name,
        row.counterparty_vat,
        row.counterparty_code,
        row.country,
        row.taxable,
        row.vat,
        row.total,
        row.part_number,
        row.line,
        row.found,
    )
