"""Where people are signed in, and the browsers they are known by."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models

from accounts.models.people import User

DEVICE_LENGTH = 300


class OpenSessionQuerySet(models.QuerySet["OpenSession"]):
    """Questions about sessions."""

    def alive(self, at: datetime) -> Self:
        """Sessions that nobody has ended and neither limit has."""
        return self.filter(
            ended_at__isnull=True,
            seen_at__gt=at - timedelta(seconds=settings.SESSION_IDLE_SECONDS + 60),
            began_at__gt=at - timedelta(seconds=settings.SESSION_SECONDS),
        )


class OpenSession(models.Model):
    """One session of a person: from where, with what, by which means. Kept when it has ended.

    `session_key` finds the session itself; it is emptied when the session ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions")
    session_key = models.CharField(max_length=40, blank=True, default="")
    means = models.CharField(max_length=80)
    device = models.CharField(max_length=DEVICE_LENGTH, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OpenSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at", "id"]
        indexes = [models.Index(fields=["user", "-seen_at"], name="accounts_session_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.began_at:%Y-%m-%d %H:%M}"


class KnownDevice(models.Model):
    """A browser in which a person has signed in; it shows a cookie, of which the hash is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    cookie_hash = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "cookie_hash"], name="accounts_device_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_at:%Y-%m-%d}"
