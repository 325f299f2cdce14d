"""When which subsystem was away, who said so, and what follows for deadlines."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import translation

from avaz.types import Effect, How, Subsystem


class OutageQuerySet(models.QuerySet["Outage"]):
    """Questions about outages."""

    def lasting(self, at: datetime) -> Self:
        """Those that last at a moment."""
        return self.filter(Q(end__isnull=True) | Q(end__gt=at), start__lte=at)


class Outage(models.Model):
    """A time in which a subsystem was away; without an end it lasts.

    `source` names what the desk observed ("" where an officer has declared it). The mailboxes are
    told one after another: `told_to` is the last taxpayer who was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subsystem = models.CharField(max_length=10, choices=[(one, one) for one in Subsystem])
    start = models.DateTimeField()
    end = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=8, choices=[(one, one) for one in How])
    effect = models.CharField(max_length=13, choices=[(one, one) for one in Effect])
    words_lt = models.CharField(max_length=300, blank=True)
    words_en = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=60, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    told_to = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)

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

    @property
    def words(self) -> str:
        """What is said of it, in the reader's language."""
        is_english = translation.get_language() == "en"
        return self.words_en or self.words_lt if is_english else self.words_lt or self.words_en
