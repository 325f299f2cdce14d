"""The journal of what was done."""

from typing import Self

from django.conf import settings
from django.db import models

from representation.models.taxpayers import Taxpayer


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    """Questions about the journal."""

    def of_taxpayer(self, taxpayer_id: int) -> Self:
        """What was done for this taxpayer, latest first."""
        return self.filter(taxpayer_id=taxpayer_id).order_by("-pk")


class JournalEntry(models.Model):
    """Who did what for whom, when and by which right. Rows are only added (trigger)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="journal"
    )
    taxpayer = models.ForeignKey(
        Taxpayer, null=True, on_delete=models.PROTECT, related_name="journal"
    )
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=200, blank=True, default="")
    params = models.JSONField(default=dict)
    why = models.JSONField(default=dict)
    key_id = models.UUIDField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True, default="")

    objects = JournalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["taxpayer", "-id"], name="representation_journal_newest"),
            # What a person did, and one action, latest first; and which of them there are.
            models.Index(fields=["taxpayer", "user", "-id"], name="representation_journal_person"),
            models.Index(
                fields=["taxpayer", "action", "-id"], name="representation_journal_action"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
