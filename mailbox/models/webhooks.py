"""Addresses of taxpayers' programs that are told of events, and the log of telling them."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.encryption import EncryptedTextField
from mailbox.types import EndpointState
from representation.models import Taxpayer
from representation.types import Acting

CLAIM_LASTS = timedelta(minutes=5)


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """Questions about endpoints."""

    def kept(self) -> Self:
        """Endpoints that have not been removed."""
        return self.exclude(state=EndpointState.REMOVED)

    def visible_to(self, acting: Acting) -> Self:
        """Kept endpoints of the taxpayer acted for; none without the right to manage them."""
        if not acting.may("keys.manage"):
            return self.none()
        return self.kept().filter(taxpayer_id=acting.taxpayer_id)


class Endpoint(models.Model):
    """An address that is told of a taxpayer's events by the right of the person who added it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="endpoints")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="endpoints"
    )
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    codes = ArrayField(models.CharField(max_length=80))
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in EndpointState], default="active"
    )
    position = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["taxpayer"], name="mailbox_endpoint_taxpayer")]

    def __str__(self) -> str:
        return self.name


class SecretQuerySet(models.QuerySet["EndpointSecret"]):
    """Questions about secrets."""

    def in_force(self, at: datetime) -> Self:
        """Secrets that sign at this instant, the newest first."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=at))


class EndpointSecret(models.Model):
    """What signs the calls to an endpoint; an earlier one signs beside it for a while."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="secrets")
    key_id = models.CharField(max_length=16, unique=True)
    secret = EncryptedTextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = SecretQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.key_id


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about deliveries."""

    def due(self, at: datetime) -> Self:
        """Not delivered, not given up, to an active endpoint, in nobody's hands."""
        return self.filter(
            Q(claimed_at=None) | Q(claimed_at__lt=at - CLAIM_LASTS),
            delivered_at=None,
            dropped_at=None,
            due_at__lte=at,
            endpoint__state=EndpointState.ACTIVE,
        )

    def claim(self, delivery_id: uuid.UUID, at: datetime) -> bool:
        """Take one due delivery; of two workers exactly one gets True."""
        due = self.due(at).filter(pk=delivery_id)
        return due.update(claimed_at=at, attempts=F("attempts") + 1) == 1


class Delivery(models.Model):
    """One event on its way to an endpoint, with the body as it is sent each time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    number = models.BigIntegerField(null=True, blank=True)
    code = models.CharField(max_length=80)
    body = models.TextField()
    is_again = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["endpoint", "-created_at", "-id"], name="mailbox_delivery_newest"),
            models.Index(
                fields=["due_at"],
                condition=Q(delivered_at=None, dropped_at=None),
                name="mailbox_delivery_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "number"],
                condition=Q(is_again=False),
                name="mailbox_delivery_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class Attempt(models.Model):
    """One call to an endpoint: what it answered, how long it took; rows are only added."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField()
    fault = models.CharField(max_length=20, blank=True, default="")
    excerpt = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.status or self.fault} {self.milliseconds} ms"
