"""E-invoices of sellers that the state's system for them has handed over."""

from enum import StrEnum
from uuid import uuid4

from django.db import models
from django.db.models import Q

from imas.kernel import clock
from imas.web.db import EuroSumField
from representation.models import Taxpayer


class EInvoiceSource(StrEnum):
    """The system that an e-invoice comes from."""

    SABIS = "SABIS"


class EInvoice(models.Model):
    """What an e-invoice says of a sale: only what is compared, never its lines or attachments.

    `reference` is its UUID, or the digest of the document where it has none; `number_norm` is its
    number as registers are compared by it. Sums are in `currency`; a credit note's are negative.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in EInvoiceSource]
    )
    reference = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    seller = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    buyer_vat = models.CharField(max_length=35, blank=True)
    buyer_code = models.CharField(max_length=35, blank=True)
    buyer_name = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=100)
    number_norm = models.CharField(max_length=100)
    issued = models.DateField()
    currency = models.CharField(max_length=3)
    taxable = EuroSumField()
    vat = EuroSumField()
    total = EuroSumField()
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["issued", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=[one.value for one in EInvoiceSource]),
                name="isaf_einvoice_source",
            ),
            models.UniqueConstraint(fields=["source", "reference"], name="isaf_einvoice_once"),
        ]
        indexes = [
            models.Index(fields=["seller", "issued", "id"], name="isaf_einvoice_of_seller"),
        ]

    def __str__(self) -> str:
        return self.number
