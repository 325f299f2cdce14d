"""Who takes e-waybills: the consent of carriers and consignees, with its history."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from imas.kernel import clock
from ivaz.types import CONSENTING
from representation.models import Taxpayer


class ConsentQuerySet(models.QuerySet["EwaybillConsent"]):
    """Questions about consents."""

    def holding_on(self, day: date) -> Self:
        """Those that hold on a day; a consent does not hold on the day it is withdrawn."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), since__lte=day)


class EwaybillConsent(models.Model):
    """A taxpayer's word that he takes e-waybills in a role, from a day on; kept after it ends.

    `ended_on` is the first day on which it holds no more.
    """

    id = models.BigAutoField(primary_key=True)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=11, choices=[(role, role) for role in CONSENTING])
    since = models.DateField()
    given_at = models.DateTimeField(default=clock.now)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer", "role"],
                condition=Q(ended_on__isnull=True),
                name="ivaz_ewaybillconsent_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=list(CONSENTING)), name="ivaz_ewaybillconsent_role"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, withdrawn_at__isnull=True)
                | Q(ended_on__isnull=False, withdrawn_at__isnull=False),
                name="ivaz_ewaybillconsent_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taxpayer_id} {self.role} {self.since}"
