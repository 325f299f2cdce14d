"""What the two sides of a deal say to each other of it, and what its pair was before."""

from collections.abc import Collection
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from imas.kernel import clock
from isaf.matching import PairState
from isaf.types import EntryKind
from representation.models import Taxpayer


class PairPast(models.Model):
    """What a pair was from `since` to `until`; written by `isaf.sql.past` alone.

    `sold` and `bought` tell whose registers held the invoice then. States that only wait for
    somebody are not kept.
    """

    id = models.BigAutoField(primary_key=True)
    match_key = models.BigIntegerField()
    period_start = models.DateField()
    nth = models.IntegerField()
    seller_id = models.BigIntegerField(null=True)
    buyer_id = models.BigIntegerField(null=True)
    sold = models.BooleanField()
    bought = models.BooleanField()
    state = models.TextField()
    fields = models.SmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["until", "pk"]
        indexes = [models.Index(fields=["match_key", "until"], name="isaf_pairpast_of_deal")]

    def __str__(self) -> str:
        return f"{self.match_key} {PairState(self.state)}"


class DealQuerySet(models.QuerySet["Deal"]):
    """The questions asked of deals."""

    def about(self, keys: Collection[int], taxpayer_id: int) -> Self:
        """Return the deals of a taxpayer under any of these keys, the earliest first."""
        keyed = Q(match_key__in=keys) | Q(near_key__in=keys)
        own = Q(seller_id=taxpayer_id) | Q(buyer_id=taxpayer_id)
        return self.filter(keyed, own).order_by("started_at")


class Deal(models.Model):
    """An invoice number between two taxpayers that one of them has said something about.

    `match_key` is that of the pair, `near_key` the buyer's where it was a possible match: so the
    talk is found again when either side corrects its number.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    match_key = models.BigIntegerField()
    near_key = models.BigIntegerField(null=True)
    seller = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)

    objects = DealQuerySet.as_manager()

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["match_key", "seller", "buyer"], name="isaf_deal_of_a_key"
            ),
        ]
        indexes = [
            models.Index(
                fields=["near_key"], condition=Q(near_key__isnull=False), name="isaf_deal_near"
            )
        ]

    def __str__(self) -> str:
        return f"{self.match_key}"

    @property
    def keys(self) -> list[int]:
        """Every key it goes by."""
        return [key for key in (self.match_key, self.near_key) if key is not None]

    def other_than(self, taxpayer_id: int) -> Taxpayer:
        """Return the other side."""
        return self.buyer if taxpayer_id == self.seller_id else self.seller

    def side_of(self, taxpayer_id: int) -> str:
        """Return "S" for the one who sold, "P" for the one who bought."""
        return "S" if taxpayer_id == self.seller_id else "P"


MARKS = (EntryKind.ACCEPTED, EntryKind.DISPUTED, EntryKind.NOT_MINE, EntryKind.UNMARKED)


class DealEntry(models.Model):
    """One thing said of a deal, never changed. A proposal holds the proposer's data in `values`."""

    id = models.BigAutoField(primary_key=True)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="entries")
    side = models.CharField(max_length=1)
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in EntryKind])
    text = models.TextField(blank=True, default="")
    values: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=["S", "P"]), name="isaf_dealentry_side"),
            models.CheckConstraint(
                condition=Q(kind__in=list(EntryKind)), name="isaf_dealentry_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["word", "proposal"]) | Q(side="P"),
                name="isaf_dealentry_marks_of_the_buyer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deal", "-id"], condition=Q(kind__in=MARKS), name="isaf_dealentry_mark"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.kind}"
