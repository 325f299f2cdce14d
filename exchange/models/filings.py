"""The outbox of EDS: confirmed returns on their way, and what became of them there."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from representation.models import Taxpayer

CLAIM_LASTS = timedelta(minutes=1)
"""A call ends as a whole after fifteen seconds: whoever holds a claim for longer has died."""

_OPEN = Q(finished_at=None)


class FilingQuerySet(models.QuerySet["Filing"]):
    """Questions about filings."""

    def due(self, at: datetime) -> Self:
        """Not finished, its turn has come, and in nobody's hands."""
        free = Q(claimed_at=None) | Q(claimed_at__lt=at - CLAIM_LASTS)
        return self.filter(_OPEN, free, due_at__lte=at)

    def claim(self, filing_id: uuid.UUID, at: datetime) -> bool:
        """Take a due filing; of two workers exactly one gets True."""
        taken = self.due(at).filter(pk=filing_id)
        return taken.update(claimed_at=at, attempts=F("attempts") + 1) == 1


class Filing(models.Model):
    """A file for EDS. `subject` names what it is of, `file_id` is what EDS calls it once it has it.

    `file_state` and `declaration_state` are the codes of EDS as it told them last, `error` the code
    with which it refused the file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=40)
    form = models.CharField(max_length=6)
    file_name = models.CharField(max_length=100)
    content = models.BinaryField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    file_id = models.CharField(max_length=64, blank=True, default="")
    file_state = models.PositiveSmallIntegerField(null=True)
    declaration_state = models.PositiveSmallIntegerField(null=True)
    error = models.PositiveSmallIntegerField(null=True)
    said = models.CharField(max_length=300, blank=True, default="")
    told_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = FilingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["taxpayer", "subject"], name="exchange_filing_once"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=_OPEN, name="exchange_filing_due")]

    def __str__(self) -> str:
        return self.subject
