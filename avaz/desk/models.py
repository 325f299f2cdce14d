"""What the desk knows: who may announce for whom, what was announced, what is to be sent."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from avaz.types import Channel, Reason

_REASONS = [(reason, reason) for reason in Reason]
_CHANNELS = [(channel, channel) for channel in Channel]


class Desk(models.Model):
    """Which desk this is, and the last running number of an ARN; one row.

    A desk that lost its file is another desk: the main system counts what it pulls for each.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField(default=0)
    serial = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)


class AccessQuerySet(models.QuerySet["Access"]):
    """Questions about accesses."""

    def of_email(self, email: str) -> Self:
        """Those that open by this address."""
        return self.filter(is_open=True, email=email.strip().lower())

    def of_phone(self, phone: str) -> Self:
        """Those that open by a message of this number (E.164)."""
        return self.filter(is_open=True, phone=phone)


class Access(models.Model):
    """One user's way in for one taxpayer, as the main system told it last; `code` is a hash."""

    id = models.UUIDField(primary_key=True, editable=False)
    version = models.PositiveIntegerField()
    is_open = models.BooleanField()
    user = models.CharField(max_length=40)
    taxpayer_code = models.CharField(max_length=20)
    taxpayer_name = models.CharField(max_length=300)
    email = models.CharField(max_length=254)
    phone = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    code = models.CharField(max_length=200)
    drawer = models.PositiveSmallIntegerField()

    objects = AccessQuerySet.as_manager()

    class Meta:
        ordering = ["taxpayer_name", "pk"]
        indexes = [
            models.Index(fields=["email", "drawer"], name="avaz_desk_access_email"),
            models.Index(fields=["phone", "drawer"], name="avaz_desk_access_phone"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.taxpayer_code}"


class Registration(models.Model):
    """One waybill, or several (no number), announced under an ARN. Never changed.

    Its id is the cursor of the main system: writers come one after another, so a lower id is never
    seen after a higher one.
    """

    id = models.BigAutoField(primary_key=True)
    arn = models.CharField(max_length=20, unique=True)
    access = models.ForeignKey(Access, on_delete=models.PROTECT, related_name="registrations")
    number = models.CharField(max_length=35, blank=True)
    number_key = models.CharField(max_length=70, blank=True)
    reason = models.CharField(max_length=10, choices=_REASONS)
    description = models.CharField(max_length=500, blank=True)
    trouble_from = models.DateTimeField()
    trouble_to = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=3, choices=_CHANNELS)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["access", "-id"], name="avaz_desk_registration_list")]

    def __str__(self) -> str:
        return self.arn


class Text(models.Model):
    """A message that came from a phone, by the id its gateway gave it, and what was answered.

    What it said is not kept, for it holds a code: only its digest.
    """

    id = models.BigAutoField(primary_key=True)
    gateway = models.CharField(max_length=20)
    message_id = models.CharField(max_length=100)
    phone = models.CharField(max_length=21)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    answer = models.CharField(max_length=160)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="texts", null=True, blank=True
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "message_id"], name="avaz_desk_text_once"),
        ]
        indexes = [models.Index(fields=["phone", "at"], name="avaz_desk_text_rate")]

    def __str__(self) -> str:
        return f"{self.gateway} {self.message_id}"


class Failure(models.Model):
    """A wrong code, counted at a door (`key`: which one, and a digest of who or where)."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["key", "at"], name="avaz_desk_failure_count")]

    def __str__(self) -> str:
        return self.key


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    """Questions about what is to be sent."""

    def due(self, at: datetime) -> Self:
        """What is not sent and whose turn has come."""
        return self.filter(sent_at__isnull=True, due_at__lte=at, expires_at__gt=at)


class Outgoing(models.Model):
    """A letter (to an address) or a message (to a phone) that waits to be sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True), name="avaz_desk_outgoing_due"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Observed(models.Model):
    """A time in which the main system did not say that it is well."""

    id = models.BigAutoField(primary_key=True)
    start = models.DateTimeField()
    end = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}"
