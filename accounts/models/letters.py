"""The outbox of letters about the safety of accounts, some of them with a single-use link."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models.outbox import OutboxQuerySet, Outgoing
from accounts.models.people import User
from accounts.types import LetterKind


class SafetyLetterQuerySet(OutboxQuerySet["SafetyLetter"]):
    """Questions about letters and their links."""

    def open(self, kind: LetterKind, at: datetime) -> Self:
        """Letters of the kind whose link still opens something."""
        return self.filter(kind=kind, used_at__isnull=True, expires_at__gt=at)


class SafetyLetter(Outgoing):
    """A letter to one address of one user. `params` hold what it tells; never a secret."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="safety_letters")
    email = models.EmailField()
    kind = models.CharField(max_length=40, choices=[(kind, kind) for kind in LetterKind])
    params = models.JSONField(default=dict)
    token_hash = models.CharField(max_length=64, unique=True)

    objects = SafetyLetterQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True), name="accounts_letter_unsent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.created_at:%Y-%m-%d}"
