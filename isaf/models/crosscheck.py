"""Pairs of the live cross-check, and the reports ordered of it."""

from datetime import timedelta
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from imas.kernel import clock
from imas.web.db import EuroSumField
from isaf.limits import as_json, reach_of
from isaf.matching import PairState, SeenState
from representation.models import Taxpayer
from representation.types import Acting

ATTEMPTS = 5
"""After so many failed tries a report is given up and the operator told (house style, 9)."""

PATIENCE = timedelta(minutes=10)
"""A claim older than this was made by a worker that died."""


class ReportState:
    """Where an ordered report stands."""

    ORDERED = "ordered"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


class DealPair(models.Model):
    """One deal as both sides see it; written by `isaf.sql.crosscheck` alone.

    `period_start` is the first day of the month the deal lives in, `buyer_month` the same for the
    buyer when the two told it in different periods. Gaps are the seller's amount less the
    buyer's, an absent side counting as nothing. `near_key` is the buyer's key of a possible match.
    `since` is when the pair came to be in this state with these differences.
    """

    pk = models.CompositePrimaryKey("match_key", "period_start", "nth")
    match_key = models.BigIntegerField()
    period_start = models.DateField()
    nth = models.IntegerField()
    near_key = models.BigIntegerField(null=True)
    seller_id = models.BigIntegerField(null=True)
    buyer_id = models.BigIntegerField(null=True)
    buyer_month = models.DateField()
    issued = models.DateField()
    sale_start = models.DateField(null=True)
    sale_part = models.BigIntegerField(null=True)
    sale_position = models.IntegerField(null=True)
    purchase_start = models.DateField(null=True)
    purchase_part = models.BigIntegerField(null=True)
    purchase_position = models.IntegerField(null=True)
    state = models.TextField()
    reason = models.TextField()
    fields = models.SmallIntegerField()
    taxable_gap = EuroSumField()
    vat_gap = EuroSumField()
    total_gap = EuroSumField()
    refreshed_at = models.DateTimeField()
    since = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "isaf_pair"

    def __str__(self) -> str:
        return f"{self.match_key} {PairState(self.state)}"


class CrossCheckQuerySet(models.QuerySet["CrossCheck"]):
    """The questions asked of reports."""

    def visible_to(self, acting: Acting) -> Self:
        """Return the reports of the taxpayer acted for; who is limited sees those limited alike."""
        acting.require("isaf.crosscheck")
        own, reach = (
            self.filter(taxpayer_id=acting.taxpayer_id),
            reach_of(acting, "isaf.crosscheck"),
        )
        return own if reach.is_whole else own.filter(filter__within=as_json(reach))

    def due(self) -> Self:
        """Return what was ordered and nobody works on."""
        stale = clock.now() - PATIENCE
        lost = Q(state=ReportState.RUNNING, claimed_at__lt=stale)
        return self.filter(Q(state=ReportState.ORDERED) | lost, attempts__lt=ATTEMPTS)

    def exhausted(self) -> Self:
        """Return what failed too often to be tried again."""
        stale = clock.now() - PATIENCE
        return self.filter(state=ReportState.RUNNING, claimed_at__lt=stale, attempts__gte=ATTEMPTS)

    def claim(self, cross_check_id: UUID) -> bool:
        """Take a due report; of two workers exactly one gets True."""
        changed = (
            self.due()
            .filter(pk=cross_check_id)
            .update(state=ReportState.RUNNING, claimed_at=clock.now(), attempts=F("attempts") + 1)
        )
        return changed == 1


class CrossCheck(models.Model):
    """A report somebody ordered: the pairs of one or several periods as they stood when it ran.

    `periods` are period codes; `filter` may hold "states", "side" and "counterparty".
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    taxpayer = models.ForeignKey(
        Taxpayer, on_delete=models.PROTECT, related_name="isaf_cross_checks"
    )
    periods = models.JSONField()
    filter = models.JSONField(default=dict)
    state = models.CharField(
        max_length=8,
        choices=[(state, state) for state in ("ordered", "running", "ready", "failed")],
        default=ReportState.ORDERED,
    )
    ordered_at = models.DateTimeField(default=clock.now)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)

    objects = CrossCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-ordered_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["ordered", "running", "ready", "failed"]),
                name="isaf_crosscheck_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "failed"]) ^ Q(finished_at=None),
                name="isaf_crosscheck_finished",
            ),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "-ordered_at", "-id"], name="isaf_crosscheck_list"),
            models.Index(
                fields=["ordered_at"],
                condition=Q(state__in=["ordered", "running"]),
                name="isaf_crosscheck_due",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_finished(self) -> bool:
        """Is there nothing more to wait for?"""
        return self.finished_at is not None


class ReportedPair(models.Model):
    """A line of a report: one deal as the one who ordered saw it then, ours first.

    `side` is S where we sold, P where we bought; `match_key` leads to the live deal.
    Amounts are None for a side that told nothing. `their_source` is "" for the register of the
    counterparty, else the system whose e-invoice it is; an e-invoice states its total, currency
    and buyer, but neither type nor codes.
    """

    id = models.BigAutoField(primary_key=True)
    cross_check = models.ForeignKey(CrossCheck, on_delete=models.CASCADE, related_name="pairs")
    position = models.IntegerField()
    month = models.DateField()
    side = models.CharField(max_length=1)
    match_key = models.BigIntegerField(null=True)
    state = models.TextField()
    reason = models.TextField()
    fields = models.SmallIntegerField()
    counterparty_vat = models.TextField()
    counterparty_code = models.TextField()
    counterparty_name = models.TextField()
    our_source = models.TextField(null=True)
    our_number = models.TextField(null=True)
    our_issued = models.DateField(null=True)
    our_type = models.TextField(null=True)
    our_taxable = EuroSumField(null=True)  # type: ignore[misc]  # typed for columns never null
    our_vat = EuroSumField(null=True)  # type: ignore[misc]  # typed for columns never null
    our_codes = models.TextField(null=True)
    their_number = models.TextField(null=True)
    their_issued = models.DateField(null=True)
    their_type = models.TextField(null=True)
    their_taxable = EuroSumField(null=True)  # type: ignore[misc]  # typed for columns never null
    their_vat = EuroSumField(null=True)  # type: ignore[misc]  # typed for columns never null
    their_codes = models.TextField(null=True)
    their_source = models.TextField(default="", db_default="")
    their_total = EuroSumField(null=True)  # type: ignore[misc]  # typed for columns never null
    their_currency = models.TextField(default="", db_default="")
    our_buyer = models.TextField(default="", db_default="")

    class Meta:
        ordering = ["cross_check", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["cross_check", "position"], name="isaf_reportedpair_position"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(SeenState)), name="isaf_reportedpair_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.state}"
