"""Files of registers as they were taken in, and every change they made."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from representation.models.taxpayers import Taxpayer
from representation.registers.types import Deed, RegisterKind, RunSource, RunState


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Questions about imports."""

    def waiting(self) -> Self:
        """Imports somebody must still apply or drop."""
        return self.filter(state=RunState.PREVIEWED)


class ImportRun(models.Model):
    """One file of a register: what it would change, and what became of it.

    The file itself is not kept, for it may hold personal codes: its digest is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in RegisterKind])
    state = models.CharField(max_length=10, choices=[(state, state) for state in RunState])
    source = models.CharField(max_length=10, choices=[(source, source) for source in RunSource])
    filename = models.CharField(max_length=200, blank=True, default="")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="imports"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="imports_decided",
    )
    idempotency_key = models.CharField(max_length=255, blank=True, default="")
    skips_refused = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    examples = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True, default="")

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["-created_at", "id"], name="representation_run_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(RegisterKind)), name="representation_importrun_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(RunState)), name="representation_importrun_state"
            ),
            models.UniqueConstraint(
                fields=["created_by", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="representation_importrun_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def changes_count(self) -> int:
        """How much the file changes."""
        return self.added + self.changed + self.ended + self.removed


class ImportRow(models.Model):
    """A row of a file that waits for a decision; personal codes are fingerprints already."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="waiting_rows")
    row = models.PositiveIntegerField()
    code = models.CharField(max_length=32)
    value = models.CharField(max_length=120, blank=True)
    person = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    removed = models.BooleanField(default=False)
    refusal = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        ordering = ["run", "row"]

    def __str__(self) -> str:
        return f"{self.run_id} {self.row}"


class RegisterChange(models.Model):
    """What a file changed about a taxpayer: what stood before and after. Rows are only added."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="changes")
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="changes")
    deed = models.CharField(max_length=10, choices=[(deed, deed) for deed in Deed])
    row = models.PositiveIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.deed} {self.taxpayer_id}"
