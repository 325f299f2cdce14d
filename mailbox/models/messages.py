"""Messages in taxpayers' boxes, what is attached to them and who read them when."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast

from imas.kernel import clock
from imas.web.paging import Keyset
from mailbox.models.files import StoredFile
from representation.models import Taxpayer
from representation.types import Acting

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

    def noting_files(self) -> Self:
        """Say with each message, as `files`, whether files came with it."""
        return self.annotate(files=Exists(Attachment.objects.filter(message=OuterRef("pk"))))

    def come_between(self, since: date | None, until: date | None) -> Self:
        """Messages that came on these Vilnius days, both included; None leaves that end open."""
        found = self
        if since:
            found = found.filter(created_at__gte=_start_of(since))
        if until:
            found = found.filter(created_at__lt=_start_of(until + timedelta(days=1)))
        return found

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


class ReadReceipt(models.Model):
    """When a person first opened a message; one row for each reader, never changed."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="receipts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="read_receipts"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "user"], name="mailbox_readreceipt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.message_id}"


class Attachment(StoredFile):
    """A file that came with a message, a report for instance; its bytes are in the storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")

    class Meta:
        ordering = ["name", "id"]


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), clock.VILNIUS)
