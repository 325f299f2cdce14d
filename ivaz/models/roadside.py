"""Checks on the road: which officers may search waybills, and what they asked and opened."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from imas.kernel import clock
from ivaz.models.waybills import Waybill
from ivaz.types import Institution, RoadsideMeans, RoadsideReason

_INSTITUTIONS = [(one, one) for one in Institution]


class RoadsideRightQuerySet(models.QuerySet["RoadsideRight"]):
    """Questions about rights."""

    def standing(self) -> Self:
        """Those nobody has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def holding_on(self, day: date) -> Self:
        """Those that open anything on a day."""
        return self.standing().filter(since__lte=day, until__gte=day)


class RoadsideRight(models.Model):
    """A person's right to search waybills for an institution, by a data agreement; kept for ever.

    Both days are included.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roadside_rights"
    )
    institution = models.CharField(max_length=9, choices=_INSTITUTIONS)
    agreement = models.CharField(max_length=100)
    since = models.DateField()
    until = models.DateField()
    granted_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RoadsideRightQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(withdrawn_at__isnull=True),
                name="ivaz_roadsideright_once",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="ivaz_roadsideright_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.institution}"


class RoadsideSearch(models.Model):
    """What an officer asked, on which ground, and how many waybills were found; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=clock.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    institution = models.CharField(max_length=9, choices=_INSTITUTIONS)
    means = models.CharField(max_length=6, choices=[(one, one) for one in RoadsideMeans])
    asked = models.CharField(max_length=40)
    reason = models.CharField(max_length=9, choices=[(one, one) for one in RoadsideReason])
    note = models.CharField(max_length=200)
    found = models.PositiveIntegerField()
    key_id = models.UUIDField(null=True, blank=True)
    request_id = models.CharField(max_length=128, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["user", "-at"], name="ivaz_roadsidesearch_of"),
            models.Index(fields=["-at", "-id"], name="ivaz_roadsidesearch_list"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked}"


class RoadsideOpening(models.Model):
    """A waybill that an officer opened from what a search had found; never changed."""

    id = models.BigAutoField(primary_key=True)
    search = models.ForeignKey(RoadsideSearch, on_delete=models.PROTECT, related_name="openings")
    waybill = models.ForeignKey(Waybill, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)
    request_id = models.CharField(max_length=128, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.search_id} {self.waybill_id}"
