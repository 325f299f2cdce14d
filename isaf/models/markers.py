"""Markers: work asked for, which workers claim; what has to be paired anew."""

from datetime import timedelta
from typing import Self, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from imas.kernel import clock
from imas.kernel.periods import Period
from representation.models import Taxpayer

M = TypeVar("M", bound="Marker")

ATTEMPTS = 5
"""After so many failed tries the row waits for the operator (house style, 9)."""

PATIENCE = timedelta(minutes=10)
"""A claim older than this was made by a worker that died."""


def worn_out() -> Q:
    """Match what failed too often, is claimed by nobody, and was not given up yet."""
    stale = clock.now() - PATIENCE
    return Q(attempts__gte=ATTEMPTS, claimed_at__lt=stale, given_up_at=None)


class MarkerQuerySet(models.QuerySet[M]):
    """The questions asked of markers."""

    def due(self) -> Self:
        """Return markers nobody has done, nor is doing."""
        stale = clock.now() - PATIENCE
        free = Q(claimed_at=None) | Q(claimed_at__lt=stale)
        return self.filter(free, done_at=None, attempts__lt=ATTEMPTS)

    def exhausted(self) -> Self:
        """Return markers that failed too often to be tried again, and nobody was told of."""
        return self.filter(worn_out(), done_at=None)

    def given_up(self) -> Self:
        """Return markers that wait for the operators, who were told."""
        return self.filter(done_at=None, given_up_at__isnull=False)

    def claim(self, marker_id: int) -> bool:
        """Take one due marker; of two workers exactly one gets True."""
        claimed = self.due().filter(pk=marker_id)
        return claimed.update(claimed_at=clock.now(), attempts=F("attempts") + 1) == 1


class Marker(models.Model):
    """Work of a period that is to be done once; the row is the queue."""

    id = models.BigAutoField(primary_key=True)
    start = models.DateField()
    end = models.DateField()
    requested_at = models.DateTimeField(default=clock.now)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    given_up_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        """Return the tax period."""
        return Period(self.start, self.end)


class PairRefreshQuerySet(MarkerQuerySet["PairRefresh"]):
    """The questions asked of what one taxpayer waits for."""

    def of_period(self, taxpayer_id: int, period: Period) -> Self:
        """Return the markers of a taxpayer and period."""
        return self.filter(taxpayer_id=taxpayer_id, start=period.start, end=period.end)


class PairRefresh(Marker):
    """What counts for this taxpayer and period has changed: the pairs are to be made anew."""

    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")

    objects = PairRefreshQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(done_at=None), name="isaf_pairrefresh_due"),
            models.Index(fields=["taxpayer", "start"], name="isaf_pairrefresh_period"),
        ]

    def __str__(self) -> str:
        return f"{self.taxpayer_id} {self.start}"


class MonthPieceQuerySet(MarkerQuerySet["MonthPiece"]):
    """The questions asked of the pieces of a month."""

    def due(self) -> Self:
        """Return pieces nobody has done, nor is doing; the last only when the ranges are done."""
        before = MonthPiece.objects.filter(order=OuterRef("order"), nth__isnull=False, done_at=None)
        return super().due().exclude(Q(nth=None) & Exists(before))

    def of_order(self, order: UUID) -> Self:
        """Return all pieces of one order."""
        return self.filter(order=order)


class MonthPiece(Marker):
    """A piece of judging every deal of a month anew.

    `nth` of `ranges` equal ranges of the match key; with `nth` empty it is the last piece, which
    waits for all the others of its `order`. `written` counts the pairs that had to be written, in
    `months`, which is empty where nothing was in doubt. `anew` has every deal judged, in doubt or
    not.
    """

    order = models.UUIDField()
    ranges = models.PositiveSmallIntegerField()
    nth = models.PositiveSmallIntegerField(null=True)
    anew = models.BooleanField(default=False)
    written = models.BigIntegerField(default=0)
    months = ArrayField(models.DateField(), default=list)

    objects = MonthPieceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "nth"], nulls_distinct=False, name="isaf_monthpiece_once"
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(done_at=None), name="isaf_monthpiece_due"),
        ]

    def __str__(self) -> str:
        return f"{self.start} {self.nth}"
