"""Addresses to be confirmed, and the outbox of the letters that ask for it."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models.people import User

CLAIM_LASTS = timedelta(minutes=10)


class ConfirmationQuerySet(models.QuerySet["EmailConfirmation"]):
    """Questions about links."""

    def waiting(self, at: datetime) -> Self:
        """Links that would still confirm their address."""
        return self.filter(used_at__isnull=True, expires_at__gt=at)

    def due(self, at: datetime) -> Self:
        """Letters not sent, whose turn has come, and in nobody's hands."""
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS)
        return self.waiting(at).filter(free, sent_at__isnull=True, due_at__lte=at)

    def claim(self, confirmation_id: uuid.UUID, at: datetime) -> bool:
        """Take one due letter; of two workers exactly one gets True."""
        changed = (
            self.due(at)
            .filter(pk=confirmation_id)
            .update(claimed_at=at, attempts=F("attempts") + 1)
        )
        return changed == 1


class EmailConfirmation(models.Model):
    """A single-use link to one address of one user; also the outbox of its e-mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="confirmations")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True),
                name="accounts_confirmation_unsent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
