"""Messages to taxpayers and the outbox of the e-mail about them."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from imas.web.paging import Keyset
from representation.models import Taxpayer
from representation.types import Acting

CLAIM_LASTS = timedelta(minutes=10)
MAX_ATTEMPTS = 8
NEWEST = Keyset("created_at", "id", descending=True)
"""The order of every list of messages."""


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about messages."""

    def visible_to(self, acting: Acting) -> Self:
        """Messages of the taxpayer acted for; none without the right to read them."""
        if not acting.may("mailbox.view"):
            return self.none()
        return self.filter(taxpayer_id=acting.taxpayer_id)

    def unread(self) -> Self:
        """Messages nobody has opened, not put away."""
        return self.filter(read_at__isnull=True, archived_at__isnull=True)

    def saying(self, text: str, codes: Collection[str]) -> Self:
        """Messages of these codes, or filled in with this text."""
        filled = self.annotate(filled_in=Cast("params", TextField()))
        return filled.filter(Q(code__in=codes) | Q(filled_in__icontains=text))


class Message(models.Model):
    """A message in a taxpayer's box (VA-119, 16 p.), in no language: a code and its params."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="messages")
    subsystem = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    url_name = models.CharField(max_length=80, blank=True, default="")
    url_args = models.JSONField(default=list)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages_read",
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["taxpayer", "-created_at", "-id"], name="mailbox_message_newest"),
            models.Index(
                fields=["taxpayer"],
                condition=Q(read_at__isnull=True, archived_at__isnull=True),
                name="mailbox_message_unread",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["taxpayer", "key"], name="mailbox_message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.key}"


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
