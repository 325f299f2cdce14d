"""Roles in other systems, and the outbox by which those systems learn of them."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from exchange.types import Reason
from representation.models import Taxpayer

CLAIM_LASTS = timedelta(minutes=1)
"""A call ends as a whole after fifteen seconds: whoever holds a claim for longer has died."""
LOOKED_AT_EVERY = timedelta(minutes=5)


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    """Questions about roles."""

    def given(self) -> Self:
        """Those that give anything."""
        return self.exclude(roles=[])

    def to_look_at(self, at: datetime) -> Self:
        """Given, and not compared with the mandates for a while; the longest ago first."""
        stale = self.given().filter(looked_at__lte=at - LOOKED_AT_EVERY)
        return stale.order_by("looked_at", "pk")


class RoleAssignment(models.Model):
    """The roles that a taxpayer has given one representative in one other system.

    `roles` are always those of the newest delivery: what the other system is to hold. Roles that
    end with a mandate are gone from here for good; nothing brings them back by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.CharField(max_length=31)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="roles_elsewhere")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles_elsewhere"
    )
    roles = ArrayField(models.CharField(max_length=40), default=list)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles_given"
    )
    changed_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    ended_because = models.CharField(
        max_length=20, blank=True, default="", choices=[(one, one) for one in Reason]
    )
    last_number = models.PositiveIntegerField(default=0)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["taxpayer", "system", "pk"]
        indexes = [
            models.Index(
                fields=["looked_at"], condition=~Q(roles=[]), name="exchange_role_looked_at"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer", "system", "person"], name="exchange_role_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_because="") | Q(ended_because__in=list(Reason)),
                name="exchange_role_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.taxpayer_id} {self.person_id}"


_OPEN = Q(delivered_at=None, refused_at=None, superseded_at=None)


class RoleDeliveryQuerySet(models.QuerySet["RoleDelivery"]):
    """Questions about deliveries."""

    def open(self) -> Self:
        """Neither taken nor refused, and no later one has taken its place."""
        return self.filter(_OPEN)

    def due(self, at: datetime) -> Self:
        """Open, its turn has come, and no delivery of the same roles is in anybody's hands."""
        held = at - CLAIM_LASTS
        others = RoleDelivery.objects.filter(
            assignment=OuterRef("assignment"), claimed_at__gte=held
        )
        # Its own claim is asked for twice: PostgreSQL judges the row anew after waiting for it,
        # and not what stands in a subquery.
        free = Q(claimed_at=None) | Q(claimed_at__lt=held)
        return self.open().filter(free, ~Exists(others), due_at__lte=at)

    def claim(self, delivery_id: uuid.UUID, at: datetime) -> bool:
        """Take one due delivery; of two workers exactly one gets True."""
        taken = self.due(at).filter(pk=delivery_id)
        return taken.update(claimed_at=at, attempts=F("attempts") + 1) == 1


class RoleDelivery(models.Model):
    """One message to another system: these are now all the roles of this person.

    `id` is the id of the message through all its tries; `number` grows with each message about
    the same person and taxpayer, and a later one stands for all before it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.ForeignKey(
        RoleAssignment, on_delete=models.PROTECT, related_name="deliveries"
    )
    number = models.PositiveIntegerField()
    roles = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True, default="")

    objects = RoleDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["due_at"], condition=_OPEN, name="exchange_delivery_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "number"], name="exchange_delivery_number"
            ),
            models.UniqueConstraint(
                fields=["assignment"], condition=_OPEN, name="exchange_delivery_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.number}"
