"""What a taxpayer enters by hand before it becomes a part of his registers."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from imas.kernel import clock
from imas.kernel.periods import Period
from imas.web.db import EuroSumField
from intake.models import Document
from isaf.types import RegisterType
from representation.models import Taxpayer
from representation.types import Acting


class EntrySheetQuerySet(models.QuerySet["EntrySheet"]):
    """The questions asked of sheets."""

    def of(self, acting: Acting, period: Period) -> Self:
        """Return the sheet of the taxpayer acted for and a period: one or none."""
        return self.filter(taxpayer_id=acting.taxpayer_id, start=period.start, end=period.end)


class EntrySheet(models.Model):
    """The records entered by hand of one taxpayer's tax period.

    `handed_types` are the registers that the files made of it have spoken for, so that a register
    emptied here is emptied there too; `handed` is the last such file.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="isaf_sheets")
    start = models.DateField()
    end = models.DateField()
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    handed = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", null=True)
    handed_at = models.DateTimeField(null=True)
    handed_types = models.JSONField(default=list)

    objects = EntrySheetQuerySet.as_manager()

    class Meta:
        ordering = ["-start"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer", "start", "end"], name="isaf_entrysheet_one_of_a_period"
            ),
            models.CheckConstraint(
                condition=Q(start__lte=F("end")), name="isaf_entrysheet_start_before_end"
            ),
            models.CheckConstraint(
                condition=Q(handed=None) ^ Q(handed_at__isnull=False),
                name="isaf_entrysheet_handed_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taxpayer_id} {self.period}"

    @property
    def period(self) -> Period:
        """Return the tax period."""
        return Period(self.start, self.end)

    @property
    def is_changed(self) -> bool:
        """Whether something was changed since it was last handed over."""
        return self.handed_at is None or self.changed_at > self.handed_at


class EntryRow(models.Model):
    """One invoice or settlement as entered; `content` is read by `isaf.entered`.

    The other columns repeat what the list shows. `version` grows with every change, so that of
    two people who change a row at once the second is told.
    """

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(EntrySheet, on_delete=models.CASCADE, related_name="rows")
    type = models.CharField(max_length=40)
    content = models.JSONField()
    number = models.TextField()
    number_norm = models.TextField()
    counterparty_name = models.TextField()
    counterparty_code = models.TextField()
    day = models.DateField()
    kind = models.CharField(max_length=2)
    taxable = EuroSumField()
    vat = EuroSumField()
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=list(RegisterType)), name="isaf_entryrow_type"
            ),
        ]
        indexes = [models.Index(fields=["sheet", "type", "-id"], name="isaf_entryrow_list")]

    def __str__(self) -> str:
        return self.number


class EntryImport(models.Model):
    """A spreadsheet on its way into a sheet: its cells, until its columns are named."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()
    type = models.CharField(max_length=40)
    filename = models.CharField(max_length=255)
    heading = models.JSONField()
    lines = models.JSONField()
    created_at = models.DateTimeField(default=clock.now, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.filename


class EntryMapping(models.Model):
    """Which column of a spreadsheet holds what, as a taxpayer's people said it last.

    `columns` is field → place of the column; `heading` is the digest of the names of the columns
    it is for, because the names may be longer than an index holds.
    """

    id = models.BigAutoField(primary_key=True)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=40)
    heading = models.CharField(max_length=64)
    columns = models.JSONField()
    used_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-used_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer", "type", "heading"], name="isaf_entrymapping_one_of_a_heading"
            )
        ]

    def __str__(self) -> str:
        return f"{self.taxpayer_id} {self.type}"
