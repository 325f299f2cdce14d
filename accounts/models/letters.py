"""The outbox of letters about the safety of accounts, some of them with a single-use link."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models.confirmations import CLAIM_LASTS
from accounts.models.people import User
from accounts.types import LetterKind


class SafetyLetterQuerySet(models.QuerySet["SafetyLetter"]):
    """Questions about letters and their links."""

    def open(self, kind: LetterKind, at: datetime) -> Self:
        """Letters of the kind whose link still opens something."""
        return self.filter(kind=kind, used_at__isnull=True, expires_at__gt=at)

    def due(self, at: datetime) -> Self:
        """Letters not sent, whose turn has come, and in nobody's hands."""
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS)
        return self.filter(free, sent_at__isnull=True, due_at__lte=at, expires_at__gt=at)

    def claim(self, letter_id: uuid.UUID, at: datetime) -> bool:
        """Take one due letter; of two workers exactly one gets True."""
        taken = self.due(at).filter(pk=letter_id)
        return taken.update(claimed_at=at, attempts=F("attempts") + 1) == 1


class SafetyLetter(models.Model):
    """A letter to one address of one user. `params` hold what it tells; never a secret."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="safety_letters")
    email = models.EmailField()
    kind = models.CharField(max_length=40, choices=[(kind, kind) for kind in LetterKind])
    params = models.JSONField(default=dict)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = SafetyLetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True), name="accounts_letter_unsent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.created_at:%Y-%m-%d}"
