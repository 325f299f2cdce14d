"""Numbers to be confirmed by a code, and the outbox of the messages that bring it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models.outbox import OutboxQuerySet, Outgoing
from accounts.models.people import User

TRIES = 5
"""How often a code may be guessed."""


class PhoneConfirmationQuerySet(OutboxQuerySet["PhoneConfirmation"]):
    """Questions about codes."""

    def waiting(self, at: datetime) -> Self:
        """Codes that would still confirm their number."""
        return self.filter(used_at__isnull=True, expires_at__gt=at, tries__lt=TRIES)


class PhoneConfirmation(Outgoing):
    """A single-use code to one number of one person; also the outbox of its message.

    The code itself is nowhere: it is computed anew from the row and the secret of the house.
    `failed_at`: the gateway does not take this message, or has not taken it in time.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="phone_confirmations")
    phone = models.CharField(max_length=20)
    tries = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)

    objects = PhoneConfirmationQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True), name="accounts_phone_unsent"
            ),
            models.Index(fields=["phone", "created_at"], name="accounts_phone_number"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(tries__lte=TRIES), name="accounts_phoneconfirmation_tries"
            ),
            models.CheckConstraint(
                condition=Q(phone__regex=r"^\+[1-9][0-9]{7,14}$"),
                name="accounts_phoneconfirmation_phone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"

    @property
    def has_failed(self) -> bool:
        """Whether the message will not come any more."""
        return self.failed_at is not None
