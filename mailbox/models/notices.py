"""The outbox of the e-mail about messages, how each person wants it, and addresses that fail."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from mailbox.models.messages import Message
from mailbox.types import BounceSource, Dropped, NoticeMode

CLAIM_LASTS = timedelta(minutes=10)
MAX_ATTEMPTS = 8
MOST_IN_A_LETTER = 500


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

    def take(self, user_id: int, at: datetime) -> "list[Notice]":
        """Take what is due to a person, with its messages; of two workers one gets each."""
        with transaction.atomic():
            due = self.due(at).filter(user_id=user_id).select_for_update(skip_locked=True)
            pks = list(due.order_by("pk").values_list("pk", flat=True)[:MOST_IN_A_LETTER])
            self.filter(pk__in=pks).update(claimed_at=at, attempts=F("attempts") + 1)
        return list(self.filter(pk__in=pks).select_related("message"))


class Notice(models.Model):
    """What one person is to be told by e-mail: that a message has come; one per message."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="notices")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_why = models.CharField(
        max_length=20, blank=True, default="", choices=[(why, why) for why in Dropped]
    )
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


class NoticeChoice(models.Model):
    """When a person is told of messages from a subsystem, where it is not at once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_choices"
    )
    subsystem = models.CharField(max_length=20)
    mode = models.CharField(max_length=10, choices=[(mode, mode) for mode in NoticeMode])

    class Meta:
        ordering = ["user", "subsystem"]
        constraints = [
            models.UniqueConstraint(fields=["user", "subsystem"], name="mailbox_noticechoice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.subsystem} {self.mode}"


class Bounce(models.Model):
    """An address that turned out not to take letters; kept as it was said, never changed."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bounces"
    )
    email = models.EmailField()
    at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=[(one, one) for one in BounceSource])
    status = models.CharField(max_length=20)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.status}"
