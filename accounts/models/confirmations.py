"""Addresses to be confirmed, and the outbox of the letters that ask for it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models.outbox import OutboxQuerySet, Outgoing
from accounts.models.people import User


class ConfirmationQuerySet(OutboxQuerySet["EmailConfirmation"]):
    """Questions about links."""

    def waiting(self, at: datetime) -> Self:
        """Links that would still confirm their address."""
        return self.filter(used_at__isnull=True, expires_at__gt=at)


class EmailConfirmation(Outgoing):
    """A single-use link to one address of one user; also the outbox of its e-mail."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="confirmations")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True),
                name="accounts_confirmation_unsent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
