"""What a.VAZ has handed over: waybills announced while i.VAZ was away, and when it was away."""

from django.db import models
from django.db.models import F, Q

from ivaz.models.waybills import Waybill
from representation.models import Taxpayer


class Reservation(models.Model):
    """One waybill announced under an ARN, to be completed until a day (VA-119, 28.1 and 29 p.).

    `waybill` is the record made of it; none yet: its number is still taken late until that day.
    `number_key` is the number as it is compared (`loose_number`): it may have come from a phone.
    """

    id = models.BigAutoField(primary_key=True)
    arn = models.CharField(max_length=20, unique=True)
    preparer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=35)
    number_key = models.CharField(max_length=70)
    given_at = models.DateTimeField()
    complete_until = models.DateField()
    waybill = models.OneToOneField(
        Waybill, on_delete=models.PROTECT, related_name="reservation", null=True, blank=True
    )

    class Meta:
        ordering = ["-given_at", "-pk"]
        indexes = [models.Index(fields=["preparer", "number_key"], name="ivaz_reservation_number")]

    def __str__(self) -> str:
        return self.arn


class Disturbance(models.Model):
    """A time in which waybills could not be submitted: by nobody, or by one preparer.

    Waybills issued or dispatched in it are taken late until `complete_until` (VA-119, 28.2 p.);
    without an end it lasts. `source` names the outage or the ARN it was told by.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=40, unique=True)
    preparer = models.ForeignKey(
        Taxpayer, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    start = models.DateTimeField()
    end = models.DateTimeField(null=True, blank=True)
    complete_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-start", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="ivaz_disturbance_span"
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True, complete_until__isnull=True)
                | Q(end__isnull=False, complete_until__isnull=False),
                name="ivaz_disturbance_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["preparer", "complete_until"], name="ivaz_disturbance_of"),
        ]

    def __str__(self) -> str:
        return self.source
