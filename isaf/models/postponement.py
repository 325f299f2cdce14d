"""Requests to postpone the day on which the registers of a period are due (VA-119, 23)."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from imas.kernel import clock
from imas.kernel.periods import Period
from mailbox.models import StoredFile
from representation.models import Taxpayer
from representation.types import Acting


class PostponementState(models.TextChoices):
    """Where a request stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class PostponementQuerySet(models.QuerySet["Postponement"]):
    """The questions asked of requests."""

    def visible_to(self, acting: Acting) -> Self:
        """Return the requests of the taxpayer acted for."""
        acting.require("isaf.view")
        return self.filter(taxpayer_id=acting.taxpayer_id)

    def waiting(self) -> Self:
        """Return what no officer has decided on."""
        return self.filter(state=PostponementState.ASKED)

    def granted(self) -> Self:
        """Return what moves a deadline."""
        return self.filter(state=PostponementState.GRANTED)


class Postponement(models.Model):
    """One request: the day asked for with its reason, and the officer's decision.

    `until` is the day asked for and, when granted, `granted_until` the day given, the last one on
    which the registers are in time. Of a period one request waits or is granted at most.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()
    until = models.DateField()
    reason = models.TextField()
    state = models.CharField(
        max_length=9, choices=PostponementState.choices, default=PostponementState.ASKED
    )
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    granted_until = models.DateField(null=True)
    answer = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = PostponementQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(PostponementState)), name="isaf_postponement_state"
            ),
            models.CheckConstraint(
                condition=Q(start__lte=F("end")), name="isaf_postponement_start_before_end"
            ),
            models.CheckConstraint(
                condition=Q(state="granted") ^ Q(granted_until=None),
                name="isaf_postponement_granted_until",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"]) ^ Q(decided_at__isnull=False),
                name="isaf_postponement_decided",
            ),
            models.UniqueConstraint(
                fields=["taxpayer", "start", "end"],
                condition=Q(state__in=["asked", "granted"]),
                name="isaf_postponement_one_of_a_period",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state="asked"),
                name="isaf_postponement_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.taxpayer_id} {self.period}"

    @property
    def period(self) -> Period:
        """Return the tax period."""
        return Period(self.start, self.end)


class PostponementFile(StoredFile):
    """A file that proves the reason."""

    id = models.BigAutoField(primary_key=True)
    postponement = models.ForeignKey(Postponement, on_delete=models.CASCADE, related_name="files")

    class Meta:
        ordering = ["pk"]
