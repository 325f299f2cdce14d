"""What waits for a second administrator: the four-eyes principle, a taxpayer's own choice."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from representation.models.mandates import Mandate
from representation.models.taxpayers import Taxpayer
from representation.types import HeldTerms, Narrowing, ProposalKind, ProposalState


class FourEyes(models.Model):
    """A taxpayer's choice that weighty rights need two administrators; without a row they do not.

    The row is never deleted.
    """

    id = models.BigAutoField(primary_key=True)
    taxpayer = models.OneToOneField(Taxpayer, on_delete=models.PROTECT, related_name="four_eyes")
    is_on = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["taxpayer"]

    def __str__(self) -> str:
        return f"{self.taxpayer_id}: {'on' if self.is_on else 'off'}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Questions about proposals."""

    def open(self, at: datetime) -> Self:
        """Those that a second administrator may still decide on."""
        proposed = at - timedelta(days=settings.MANDATE_ANSWER_DAYS)
        return self.filter(state=ProposalState.OPEN, at__gt=proposed)

    def overdue(self, at: datetime) -> Self:
        """Those that nobody has decided on in time."""
        proposed = at - timedelta(days=settings.MANDATE_ANSWER_DAYS)
        return self.filter(state=ProposalState.OPEN, at__lte=proposed)


class Proposal(models.Model):
    """An act of one administrator that holds only when another one approves it.

    `taxpayer` is the one whose administrators decide: for what a firm passes on, the firm. The
    terms are those proposed; a mandate in force keeps its own until then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=10, choices=[(one, one) for one in ProposalKind])
    mandate = models.ForeignKey(
        Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    rights = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    until = models.DateField(null=True, blank=True)
    limits = models.JSONField(default=dict, blank=True)
    read_only = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals"
    )
    at = models.DateTimeField()
    state = models.CharField(
        max_length=10,
        choices=[(one, one) for one in ProposalState],
        default=ProposalState.OPEN,
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposals_decided",
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(
                fields=["taxpayer", "at"],
                condition=Q(state=ProposalState.OPEN),
                name="representation_proposal_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(ProposalKind)), name="representation_proposal_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(ProposalState)), name="representation_proposal_state"
            ),
            models.CheckConstraint(
                condition=Q(kind=ProposalKind.OFF, mandate__isnull=True)
                | (~Q(kind=ProposalKind.OFF) & Q(mandate__isnull=False, until__isnull=False)),
                name="representation_proposal_about_a_mandate",
            ),
            # Two people, whatever the program thinks: the other one is there and is another.
            models.CheckConstraint(
                condition=~Q(state=ProposalState.APPROVED)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("by"))),
                name="representation_proposal_two_people",
            ),
            models.UniqueConstraint(
                fields=["mandate"],
                condition=Q(state=ProposalState.OPEN, mandate__isnull=False),
                name="representation_proposal_once",
            ),
            models.UniqueConstraint(
                fields=["taxpayer"],
                condition=Q(state=ProposalState.OPEN, kind=ProposalKind.OFF),
                name="representation_proposal_off_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mandate_id or ''}: {self.state}"

    @property
    def terms(self) -> HeldTerms | None:
        """What the mandate is to give; None where no mandate is meant."""
        if self.until is None:
            return None
        limits = {name: frozenset(values) for name, values in self.limits.items()}
        return HeldTerms(self.rights, self.until, Narrowing(limits, self.read_only))
