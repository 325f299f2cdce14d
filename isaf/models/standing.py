"""Reports of the cross-check that somebody has ordered once for all."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from imas.kernel import clock
from representation.models import Taxpayer
from representation.types import Acting


class StandingOrderQuerySet(models.QuerySet["StandingOrder"]):
    """The questions asked of standing orders."""

    def visible_to(self, acting: Acting) -> Self:
        """Return what the one acting has ordered for this taxpayer."""
        acting.require("isaf.crosscheck")
        return self.filter(taxpayer_id=acting.taxpayer_id, ordered_by_id=acting.user_id)

    def active(self) -> Self:
        """Return those that have not been stopped."""
        return self.filter(stopped_at=None)


class StandingOrder(models.Model):
    """A report ordered for every tax period anew, once the registers of it are due.

    `filter` is what `CrossCheck.filter` is; `last_period` the code of the period reported last.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    filter = models.JSONField(default=dict)
    last_period = models.CharField(max_length=21, blank=True, default="")
    started_at = models.DateTimeField(default=clock.now)
    stopped_at = models.DateTimeField(null=True)

    objects = StandingOrderQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer", "ordered_by", "filter"],
                condition=Q(stopped_at=None),
                name="isaf_standingorder_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taxpayer_id} {self.last_period}"
