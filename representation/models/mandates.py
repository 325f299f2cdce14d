"""Who may act for whom."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from representation.models.taxpayers import Taxpayer
from representation.ranges import Only, OnlyText, no_overlap


class MandateQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Questions about mandates."""

    def on(self, day: date) -> Self:
        """Mandates in force on this day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class GrantQuerySet(MandateQuerySet):
    """Questions about grants."""

    def unrevoked(self) -> Self:
        """Grants nobody has taken back."""
        return self.filter(revoked_at__isnull=True)

    def in_force(self, day: date) -> Self:
        """Grants that give their right on this day."""
        return self.unrevoked().on(day)


class Grant(models.Model):
    """One right given by a taxpayer to a person (VA-119, 6.2 p.); kept after it ends."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants"
    )
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="grants")
    right = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="grants_given"
    )
    granted_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="grants_revoked",
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["taxpayer", "user", "right", "pk"]
        indexes = [
            models.Index(fields=["taxpayer", "user"], name="representation_grant_people"),
            models.Index(fields=["user", "taxpayer"], name="representation_grant_clients"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="representation_grant_ends_after_start",
            ),
            no_overlap(
                "representation_grant_once",
                Only("user"),
                Only("taxpayer"),
                OnlyText("right"),
                days=("since", "until"),
                condition=Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.taxpayer_id}: {self.right}"


class Choice(models.Model):
    """When a person last chose to act for a taxpayer: recent ones are offered first."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="choices"
    )
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.CASCADE, related_name="choices")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "taxpayer"], name="representation_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.taxpayer_id}"
