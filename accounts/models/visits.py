"""Trips of a browser to a provider and back."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.encryption import EncryptedTextField


class VisitQuerySet(models.QuerySet["ProviderVisit"]):
    """Questions about trips."""

    def under_way(self, at: datetime) -> Self:
        """Trips whose end may still come."""
        return self.filter(used_at__isnull=True, expires_at__gt=at)


class ProviderVisit(models.Model):
    """One trip of one browser to a provider: what must come back with it, once and soon.

    `secrets` (encrypted JSON) are never sent to the browser; `state_hash` is of what was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=31)
    state_hash = models.CharField(max_length=64, unique=True)
    secrets = EncryptedTextField()
    wanted = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["expires_at"], name="accounts_visit_expiry")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="accounts_visit_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.created_at:%Y-%m-%d %H:%M}"
