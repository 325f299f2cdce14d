"""What every outbox of letters and short messages is: rows that wait until they are sent."""

import uuid
from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

CLAIM_LASTS = timedelta(minutes=10)


_Row = TypeVar("_Row", bound="Outgoing")


class OutboxQuerySet(models.QuerySet[_Row]):
    """Questions about what is to be sent."""

    def due(self, at: datetime) -> Self:
        """What is not sent, whose turn has come, and in nobody's hands."""
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS)
        return self.filter(free, sent_at__isnull=True, due_at__lte=at, expires_at__gt=at)

    def claim(self, row_id: uuid.UUID, at: datetime) -> bool:
        """Take one due row; of two workers exactly one gets True."""
        taken = self.due(at).filter(pk=row_id)
        return taken.update(claimed_at=at, attempts=F("attempts") + 1) == 1


class Outgoing(models.Model):
    """A letter or a message on its way; what it opens, it opens till `expires_at` and once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["-created_at", "id"]
