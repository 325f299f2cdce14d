"""The outbox of letters about mandates: the link that confirms one, and warnings before its end."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.encryption import EncryptedTextField
from representation.models.mandates import Mandate
from representation.types import LetterKind

CLAIM_LASTS = timedelta(minutes=10)
MAX_ATTEMPTS = 8


class MandateLetterQuerySet(models.QuerySet["MandateLetter"]):
    """Questions about letters."""

    def due(self, at: datetime) -> Self:
        """Not sent, not given up, their turn come, and in nobody's hands."""
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS)
        return self.filter(free, sent_at__isnull=True, dropped_at__isnull=True, due_at__lte=at)

    def claim(self, letter_id: uuid.UUID, at: datetime) -> bool:
        """Take one due letter; of two workers exactly one gets True."""
        mine = self.due(at).filter(pk=letter_id)
        return mine.update(claimed_at=at, attempts=F("attempts") + 1) == 1


class MandateLetter(models.Model):
    """One letter about one mandate to one address; an offer carries a single-use link.

    A warning names the last day it warns of: a mandate that was prolonged is warned of anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=12, choices=[(one, one) for one in LetterKind])
    email = EncryptedTextField()
    language = models.CharField(max_length=2)
    reader = models.CharField(max_length=64)
    ends_on = models.DateField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, default="")
    used_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = MandateLetterQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="representation_letter_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"],
                condition=~Q(token_hash=""),
                name="representation_letter_token",
            ),
            models.UniqueConstraint(
                fields=["mandate", "kind", "reader", "ends_on"],
                nulls_distinct=False,
                name="representation_letter_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mandate_id}"
