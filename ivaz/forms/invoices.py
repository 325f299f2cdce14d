"""What a waybill is begun from: the file of an invoice, or a few of its values; shape only."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from imas.kernel.identifiers import normalise_vat
from ivaz.parsing.invoices import MOST_BYTES
from ivaz.rules import UNKNOWN
from ivaz.types import Sale, Trader


class InvoiceFileForm(forms.Form):
    """An e-invoice to begin a waybill from."""

    invoice = forms.FileField(
        label=_("E-invoice (UBL XML)"),
        help_text=_(
            "Its parties, addresses and lines of goods are taken over; prices are not. The file is "
            "not kept."
        ),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )

    def clean_invoice(self) -> bytes:
        """Return the file, no more of it than shows that it is too large."""
        sent: UploadedFile[bytes] = self.cleaned_data["invoice"]
        document: bytes = sent.read(MOST_BYTES + 1)
        return document


class SaleForm(forms.Form):
    """The values of an invoice issued; one that cannot be used is left out, not refused."""

    number = forms.CharField(max_length=100, required=False)
    issued = forms.DateField(required=False)
    code = forms.CharField(max_length=35, required=False)
    vat = forms.CharField(max_length=35, required=False)
    name = forms.CharField(max_length=256, required=False)

    @property
    def sale(self) -> Sale:
        """The invoice told."""
        self.is_valid()
        told: dict[str, Any] = self.cleaned_data
        known = {name: value for name, value in told.items() if value and value != UNKNOWN}
        buyer = Trader(
            code=known.get("code", ""),
            vat=normalise_vat(known.get("vat", "")),
            name=known.get("name", ""),
        )
        return Sale(known.get("number", ""), known.get("issued"), buyer)
