"""Taking in what the state's system for e-invoices holds."""

from hashlib import sha256

from django.db import transaction

from imas.kernel.errors import ConflictError, UnprocessableError
from isaf.models import EInvoice, EInvoiceSource
from isaf.types import normalise_number
from isaf.ubl import ReadEInvoice, read_einvoice
from representation.models import Taxpayer, VatRegistration
from representation.services.journal import journal_officer
from representation.services.officers import Officer


def take_in(officer: Officer, source: EInvoiceSource, document: bytes) -> tuple[EInvoice, bool]:
    """Keep an e-invoice; return it and whether it is new. The same document twice is once.

    UnprocessableError("einvoice-seller-unknown") when no taxpayer held here sold it,
    ConflictError("einvoice-changed") when another document came under its UUID, and what
    `isaf.ubl.read_einvoice` refuses.
    """
    read, digest = read_einvoice(document), sha256(document).hexdigest()
    seller = _seller(read)
    if seller is None:
        raise UnprocessableError("einvoice-seller-unknown")
    with transaction.atomic():
        kept, is_new = EInvoice.objects.get_or_create(
            source=source,
            reference=read.uuid or digest,
            defaults={
                "digest": digest,
                "seller": seller,
                "buyer_vat": read.buyer_vat[:35],
                "buyer_code": read.buyer_code[:35],
                "buyer_name": read.buyer_name,
                "number": read.number,
                "number_norm": normalise_number(read.number),
                "issued": read.issued,
                "currency": read.currency[:3].upper(),
                "taxable": read.taxable,
                "vat": read.vat,
                "total": read.total,
            },
        )
        if kept.digest != digest:
            raise ConflictError("einvoice-changed")
        if is_new:
            journal_officer(officer.user, "isaf.einvoice-received", str(kept.pk), source=source)
    return kept, is_new


def _seller(read: ReadEInvoice) -> Taxpayer | None:
    """Find the seller by the VAT code he had on the day, else by his code."""
    if read.seller_vat:
        registered = VatRegistration.objects.on(read.issued).filter(vat_code=read.seller_vat)
        if owner := registered.values_list("taxpayer_id", flat=True).first():
            return Taxpayer.objects.get(pk=owner)
    return Taxpayer.objects.by_code(read.seller_code).first() if read.seller_code else None
