"""What was announced at the desk and taken over from it (VA-119, 28 and 29 p.)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from avaz.models.accesses import Access
from avaz.types import Channel, FallbackState, Reason
from imas.kernel.clock import VILNIUS
from representation.models import Taxpayer
from representation.types import Acting


class FallbackQuerySet(models.QuerySet["Fallback"]):
    """Questions about what was announced."""

    def visible_to(self, acting: Acting) -> Self:
        """What was announced for the taxpayer."""
        return self.filter(access__taxpayer_id=acting.taxpayer_id)

    def open(self) -> Self:
        """What is to be completed yet, in time or not."""
        return self.filter(completed_at__isnull=True)

    def standing(self, state: FallbackState, overdue_before: date) -> Self:
        """What stands so, where last days before that one are over."""
        finished = TruncDate("completed_at", tzinfo=VILNIUS)
        asked = {
            FallbackState.OVERDUE: Q(completed_at=None, complete_until__lt=overdue_before),
            FallbackState.OPEN: Q(completed_at=None, complete_until__gte=overdue_before),
            FallbackState.LATE: Q(finished_on__gt=F("complete_until")),
            FallbackState.COMPLETED: Q(finished_on__lte=F("complete_until")),
            FallbackState.ALL: Q(),
        }
        return self.annotate(finished_on=finished).filter(asked[state])


class Fallback(models.Model):
    """An announcement taken over: `number` "" are several waybills.

    `desk` and `desk_id` say where it stood at the desk: that pair, and the ARN, are taken once.
    """

    id = models.BigAutoField(primary_key=True)
    arn = models.CharField(max_length=20, unique=True)
    desk = models.UUIDField()
    desk_id = models.BigIntegerField()
    access = models.ForeignKey(Access, on_delete=models.PROTECT, related_name="fallbacks")
    number = models.CharField(max_length=35, blank=True)
    reason = models.CharField(max_length=10, choices=[(one, one) for one in Reason])
    description = models.CharField(max_length=500, blank=True)
    trouble_from = models.DateTimeField()
    trouble_to = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=3, choices=[(one, one) for one in Channel])
    at = models.DateTimeField()
    taken_at = models.DateTimeField()
    complete_until = models.DateField()
    completed_at = models.DateTimeField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    rn = models.CharField(max_length=40, blank=True)

    objects = FallbackQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "desk_id"], name="avaz_fallback_once"),
        ]
        indexes = [
            models.Index(
                fields=["complete_until"],
                condition=models.Q(completed_at__isnull=True),
                name="avaz_fallback_open",
            ),
        ]

    def __str__(self) -> str:
        return self.arn

    def state(self, overdue_before: date) -> FallbackState:
        """How it stands, where last days before that one are over."""
        if self.completed_at is None:
            is_over = self.complete_until < overdue_before
            return FallbackState.OVERDUE if is_over else FallbackState.OPEN
        is_late = self.completed_at.astimezone(VILNIUS).date() > self.complete_until
        return FallbackState.LATE if is_late else FallbackState.COMPLETED

    @property
    def taxpayer(self) -> Taxpayer:
        """For whom it was announced."""
        return self.access.taxpayer
