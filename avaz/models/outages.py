"""When which subsystem was away, everything that was said of it, and what is still to be told."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import translation

from avaz.types import Effect, How, Occasion, OutageAct, Standing, Subsystem

_SUBSYSTEMS = [(one, one) for one in Subsystem]
_EFFECTS = [(one, one) for one in Effect]


class OutageQuerySet(models.QuerySet["Outage"]):
    """Questions about outages."""

    def lasting(self, at: datetime) -> Self:
        """Those that last at a moment."""
        return self.filter(
            Q(end__isnull=True) | Q(end__gt=at), start__lte=at, withdrawn_at__isnull=True
        )

    def planned(self, at: datetime) -> Self:
        """Those that are to begin after a moment."""
        return self.filter(start__gt=at, withdrawn_at__isnull=True)


class Outage(models.Model):
    """A time in which a subsystem was away; without an end it lasts.

    It is what was said of it last: `version` counts that. `source` names what the desk observed
    ("" where an officer has declared it). A withdrawn one was no outage; it stays to be seen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subsystem = models.CharField(max_length=10, choices=_SUBSYSTEMS)
    start = models.DateTimeField()
    end = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=8, choices=[(one, one) for one in How])
    effect = models.CharField(max_length=13, choices=_EFFECTS)
    words_lt = models.CharField(max_length=300, blank=True)
    words_en = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=60, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-start", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="avaz_outage_span"
            ),
            models.UniqueConstraint(
                fields=["source"], condition=~Q(source=""), name="avaz_outage_observed_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["start"], condition=Q(end__isnull=True), name="avaz_outage_lasting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subsystem} {self.start:%Y-%m-%d %H:%M}"

    def standing(self, at: datetime) -> Standing:
        """How it stands at a moment."""
        if self.withdrawn_at:
            return Standing.WITHDRAWN
        if self.start > at:
            return Standing.PLANNED
        return Standing.LASTS if self.end is None or self.end > at else Standing.OVER

    @property
    def words(self) -> str:
        """What is said of it, in the reader's language."""
        is_english = translation.get_language() == "en"
        return self.words_en or self.words_lt if is_english else self.words_lt or self.words_en


class OutageVersion(models.Model):
    """What was said of an outage, by whom and why; none is ever changed."""

    id = models.BigAutoField(primary_key=True)
    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=9, choices=[(one, one) for one in OutageAct])
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    why = models.CharField(max_length=300, blank=True)
    subsystem = models.CharField(max_length=10, choices=_SUBSYSTEMS)
    start = models.DateTimeField()
    end = models.DateTimeField(null=True, blank=True)
    effect = models.CharField(max_length=13, choices=_EFFECTS)
    words_lt = models.CharField(max_length=300, blank=True)
    words_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["outage", "number"], name="avaz_outageversion_number"),
        ]

    def __str__(self) -> str:
        return f"{self.outage_id} {self.number}"


class OutageNotice(models.Model):
    """One telling of an outage to mailboxes, from a moment on; the row is the queue.

    The mailboxes are told one after another: `told_to` is the last taxpayer who was, `told_at`
    when all were (or when it was no longer worth telling).
    """

    id = models.BigAutoField(primary_key=True)
    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="notices")
    version = models.PositiveIntegerField()
    occasion = models.CharField(max_length=9, choices=[(one, one) for one in Occasion])
    due_at = models.DateTimeField()
    told_to = models.BigIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["outage", "occasion", "version"], name="avaz_outagenotice_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(told_at__isnull=True), name="avaz_outagenotice_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outage_id} {self.occasion}"
