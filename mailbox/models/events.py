"""What happened to a taxpayer's documents and messages, in an order that never changes."""

from django.db import models
from django.db.models import Q

from representation.models import Taxpayer


class EventFeed(models.Model):
    """How far the events of a taxpayer are numbered, and up to which number they are gone."""

    taxpayer = models.OneToOneField(
        Taxpayer, primary_key=True, on_delete=models.PROTECT, related_name="event_feed"
    )
    numbered = models.BigIntegerField(default=0)
    dropped = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.taxpayer_id} {self.dropped}..{self.numbered}"


class Event(models.Model):
    """One thing that happened; it gets its number after the transaction that brought it."""

    id = models.BigAutoField(primary_key=True)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="events")
    number = models.BigIntegerField(null=True, blank=True)
    code = models.CharField(max_length=80)
    right = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["taxpayer", "id"], condition=Q(number=None), name="mailbox_event_unnumbered"
            ),
            models.Index(fields=["at"], name="mailbox_event_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["taxpayer", "number"], name="mailbox_event_number"),
        ]

    def __str__(self) -> str:
        return f"{self.taxpayer_id} {self.number} {self.code}"
