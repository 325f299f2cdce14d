"""Who may submit waybills that name a taxpayer as the consignor (VA-119, 7 p.)."""

from typing import Self

from django.db import models
from django.db.models import Q

from representation.models.taxpayers import Taxpayer


class WaybillRule(models.Model):
    """A consignor's choice; without a row everybody may."""

    id = models.BigAutoField(primary_key=True)
    taxpayer = models.OneToOneField(Taxpayer, on_delete=models.PROTECT, related_name="waybill_rule")
    only_listed = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["taxpayer"]

    def __str__(self) -> str:
        return f"{self.taxpayer_id}: {'listed' if self.only_listed else 'everybody'}"


class SubmitterQuerySet(models.QuerySet["WaybillSubmitter"]):
    """Questions about listed submitters."""

    def listed_by(self, taxpayer_id: int) -> Self:
        """Those whom the consignor lists now."""
        return self.filter(taxpayer_id=taxpayer_id, removed_at__isnull=True)


class WaybillSubmitter(models.Model):
    """A taxpayer, by code, who may submit waybills for the consignor; kept after it ends."""

    id = models.BigAutoField(primary_key=True)
    taxpayer = models.ForeignKey(
        Taxpayer, on_delete=models.PROTECT, related_name="waybill_submitters"
    )
    code = models.CharField(max_length=32)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SubmitterQuerySet.as_manager()

    class Meta:
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer", "code"],
                condition=Q(removed_at__isnull=True),
                name="representation_waybillsubmitter_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taxpayer_id} ← {self.code}"
