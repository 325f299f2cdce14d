"""Preliminary VAT returns: what was ordered, its versions, decisions, and lines put in beside."""

from datetime import timedelta
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from imas.kernel import clock
from imas.kernel.periods import Period
from imas.web.db import EuroSumField
from isaf.returns.forms import FormName
from isaf.returns.standing import Counted, Deduction, LineSource, Nature, ReturnState
from mailbox.models import StoredFile
from representation.models import Taxpayer
from representation.types import Acting

ATTEMPTS = 5
"""After so many failed tries a return is given up and the operators told (house style, 9)."""

PATIENCE = timedelta(minutes=10)
"""A claim older than this was made by a worker that died."""


class PreliminaryReturnQuerySet(models.QuerySet["PreliminaryReturn"]):
    """The questions asked of returns."""

    def visible_to(self, acting: Acting) -> Self:
        """Return the returns of the taxpayer acted for."""
        acting.require("isaf.returns")
        return self.filter(taxpayer_id=acting.taxpayer_id)

    def due(self) -> Self:
        """Return what is to be computed and nobody works on."""
        stale = clock.now() - PATIENCE
        free = Q(claimed_at=None) | Q(claimed_at__lt=stale)
        return self.filter(free, state=ReturnState.DUE, attempts__lt=ATTEMPTS)

    def make_due(self) -> int:
        """Have those computed anew that are not due yet; the tasks or the sweep queue them."""
        return self.exclude(state=ReturnState.DUE).update(
            state=ReturnState.DUE, due_since=clock.now(), claimed_at=None, attempts=0
        )

    def exhausted(self) -> Self:
        """Return what failed too often to be tried again."""
        stale = clock.now() - PATIENCE
        return self.filter(state=ReturnState.DUE, claimed_at__lt=stale, attempts__gte=ATTEMPTS)

    def claim(self, return_id: UUID) -> bool:
        """Take a due return; of two workers exactly one gets True."""
        taken = self.due().filter(pk=return_id)
        return taken.update(claimed_at=clock.now(), attempts=F("attempts") + 1) == 1


class PreliminaryReturn(models.Model):
    """A form of one taxpayer and tax period, drafted from registers; ordered once, kept for good.

    `percent` is box 28, `activity` box 10 (empty while not told), `is_last` box 9. `by_lines` is of
    a list of supplies: its correction gives the lines that changed and no others. `filed_boxes` is
    what the taxpayer filed in the end, as he told it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="isaf_returns")
    form = models.CharField(max_length=6, choices=[(name, name) for name in FormName])
    start = models.DateField()
    end = models.DateField()
    state = models.CharField(max_length=8, choices=[(state, state) for state in ReturnState])
    percent = models.PositiveSmallIntegerField(default=100)
    activity = models.CharField(max_length=6, blank=True, default="")
    is_last = models.BooleanField(default=False)
    by_lines = models.BooleanField(default=False)
    filed_boxes = models.JSONField(null=True)
    filed_told_at = models.DateTimeField(null=True)
    ordered_at = models.DateTimeField(default=clock.now)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    due_since = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = PreliminaryReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-start", "form", "-end"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer", "form", "start", "end"], name="isaf_return_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(ReturnState)), name="isaf_return_state"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="isaf_return_percent"),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "-start", "form"], name="isaf_return_list"),
            models.Index(
                fields=["due_since"], condition=Q(state=ReturnState.DUE), name="isaf_return_due"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def period(self) -> Period:
        """Return the tax period."""
        return Period(self.start, self.end)


class ReturnVersion(models.Model):
    """One computation of a return. The newest may change until it is confirmed; then none does.

    `registers` are the numbers of the registers it was computed from; `boxes` are the whole euros
    shown, by box; `corrects` is box 8: whether an earlier version was confirmed. `percent` and the
    other data of the return are kept as they were, so that a confirmed version stays what it was.
    """

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(PreliminaryReturn, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    form_version = models.CharField(max_length=8)
    computed_at = models.DateTimeField()
    registers = ArrayField(models.CharField(max_length=40), default=list)
    percent = models.PositiveSmallIntegerField()
    activity = models.CharField(max_length=6, blank=True, default="")
    is_last = models.BooleanField(default=False)
    by_lines = models.BooleanField(default=False)
    corrects = models.BooleanField(default=False)
    boxes = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="isaf_returnversion_number"),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"

    @property
    def stays(self) -> bool:
        """Whether it never changes and keeps its rows, for it was confirmed."""
        return self.confirmed_at is not None


class ReturnTotal(models.Model):
    """What the rows of a version under one rule and in one standing come to; `Sums` of it."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ReturnVersion, on_delete=models.CASCADE, related_name="totals")
    standing = models.CharField(max_length=12, choices=[(one, one) for one in Counted])
    rule = models.CharField(max_length=16, blank=True)
    rows = models.IntegerField()
    taxable = EuroSumField()
    vat = EuroSumField()
    direct = EuroSumField()
    shared = EuroSumField()

    class Meta:
        ordering = ["standing", "rule"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "standing", "rule"], name="isaf_returntotal_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.standing} {self.rule}"


class Contribution(models.Model):
    """What one row of evidence gives to a version, under the rule of its code.

    `kind` is I for a total of an invoice, S for a settlement under cash accounting, L for a line
    put in beside; of a line `position` is its id and `part_id` nought. Written by
    `isaf.sql.returns` alone, partitioned by `month`, the first day of the return's period.
    """

    pk = models.CompositePrimaryKey(
        "month", "version_id", "part_id", "position", "row_no", "of_row"
    )
    month = models.DateField()
    version_id = models.BigIntegerField()
    standing = models.TextField()
    rule = models.TextField()
    kind = models.CharField(max_length=1)
    period_start = models.DateField()
    part_id = models.BigIntegerField()
    position = models.IntegerField()
    row_no = models.SmallIntegerField()
    of_row = models.SmallIntegerField()
    taxable = EuroSumField()
    vat = EuroSumField()
    direct = EuroSumField()
    shared = EuroSumField()

    class Meta:
        managed = False
        db_table = "isaf_contribution"

    def __str__(self) -> str:
        return f"{self.rule} {self.part_id}/{self.position}"


class ReturnDecision(models.Model):
    """What the taxpayer decided on one invoice for his return.

    It is found by what names the invoice, not by where it stands, so that it outlives a corrected
    register: side, number as compared, and the counterparty's VAT code, else its code or name.
    """

    id = models.BigAutoField(primary_key=True)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=1)
    number_norm = models.TextField()
    counterparty = models.TextField()
    by_vat_code = models.BooleanField()
    counted = models.CharField(
        max_length=9,
        choices=[(one, one) for one in (Counted.COUNTED, Counted.EXCLUDED, Counted.POSTPONED)],
        default=Counted.COUNTED,
    )
    until = models.DateField(null=True)
    deduction = models.CharField(
        max_length=7, choices=[(one, one) for one in Deduction], default=Deduction.USUAL
    )
    share = models.PositiveSmallIntegerField(default=100)
    nature = models.CharField(
        max_length=8, choices=[(one, one) for one in Nature], default=Nature.USUAL
    )
    reason = models.CharField(max_length=500, blank=True, default="")
    decided_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer", "side", "number_norm", "counterparty"],
                name="isaf_returndecision_once",
            ),
            models.CheckConstraint(
                condition=Q(counted=Counted.POSTPONED) ^ Q(until=None),
                name="isaf_returndecision_until",
            ),
            models.CheckConstraint(condition=Q(share__lte=100), name="isaf_returndecision_share"),
        ]
        indexes = [
            models.Index(
                fields=["taxpayer", "until"],
                condition=Q(counted=Counted.POSTPONED),
                name="isaf_returndecision_late",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.number_norm}"


class ReturnLine(models.Model):
    """Evidence that no register holds: entered by hand, or told by another system.

    `rule` is the name of the rule it goes by, as "P:PVM23" or "B:25". A line taken out stays, with
    when and by whom.
    """

    id = models.AutoField(primary_key=True)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()
    source = models.CharField(max_length=8, choices=[(one, one) for one in LineSource])
    reference = models.CharField(max_length=100, blank=True, default="")
    rule = models.CharField(max_length=16)
    taxable = EuroSumField(default=0)
    vat = EuroSumField(default=0)
    note = models.CharField(max_length=500, blank=True, default="")
    added_at = models.DateTimeField(default=clock.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer", "source", "reference"],
                condition=~Q(reference=""),
                name="isaf_returnline_reference",
            ),
        ]
        indexes = [models.Index(fields=["taxpayer", "start"], name="isaf_returnline_period")]

    def __str__(self) -> str:
        return f"{self.rule} {self.taxable} {self.vat}"


class ReturnLineFile(StoredFile):
    """A file that bears a line out: a customs declaration, a statement of a till."""

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(ReturnLine, on_delete=models.CASCADE, related_name="files")

    class Meta:
        ordering = ["pk"]


class StandingReturn(models.Model):
    """The forms a taxpayer wants drafted for every tax period, once its registers are submitted."""

    taxpayer = models.OneToOneField(
        Taxpayer, on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    forms = ArrayField(models.CharField(max_length=6))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    ordered_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.taxpayer_id} {' '.join(self.forms)}"
