"""What people keep about deadlines: what they put off, how they are reminded, calendar links."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from representation.models import Taxpayer


class SnoozeQuerySet(models.QuerySet["Snooze"]):
    """Questions about what was put off."""

    def on(self, day: date) -> Self:
        """What is still put off on this day."""
        return self.filter(until__gt=day)


class Snooze(models.Model):
    """A deadline that a person wants to see no sooner than on a day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="snoozes"
    )
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="snoozes")
    key = models.CharField(max_length=100)
    until = models.DateField()

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        ordering = ["until", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "taxpayer", "key"], name="mailbox_snooze_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.until}"


class ReminderChoice(models.Model):
    """How many days before a deadline a person is reminded by e-mail, where it is not usual."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="reminder_choice",
    )
    days = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.days}"


class CalendarLink(models.Model):
    """A secret address that a calendar program reads a taxpayer's deadlines from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_links"
    )
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="calendar_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "taxpayer"],
                condition=Q(revoked_at=None),
                name="mailbox_calendarlink_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.taxpayer_id}"
