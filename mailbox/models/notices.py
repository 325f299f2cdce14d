"""The outbox of the e-mail about messages."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mailbox.models.messages import Message

CLAIM_LASTS = timedelta(minutes=10)
MAX_ATTEMPTS = 8


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about e-mail that is due."""

    def due(self, at: datetime) -> Self:
        """Not sent, not given up, its turn come, and in nobody's hands."""
        return self.filter(
            Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS),
            sent_at__isnull=True,
            dropped_at__isnull=True,
            due_at__lte=at,
        )

    def claim(self, notice_id: int, at: datetime) -> bool:
        """Take one due notice; of two workers exactly one gets True."""
        changed = (
            self.due(at).filter(pk=notice_id).update(claimed_at=at, attempts=F("attempts") + 1)
        )
        return changed == 1


class Notice(models.Model):
    """The e-mail to one person that says only that a message has come; one per message."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="notices")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="mailbox_notice_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "user"], name="mailbox_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} → {self.user_id}"
