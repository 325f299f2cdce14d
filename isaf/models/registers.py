"""Registers and the parts they are made of."""

from datetime import timedelta
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from imas.kernel import clock
from imas.kernel.periods import Period
from imas.web.db import EuroSumField
from intake.models import Document, ProblemRow
from intake.types import Source
from isaf.limits import as_json, parts_within, reach_of, reach_within
from isaf.models.markers import ATTEMPTS, PATIENCE, worn_out
from isaf.types import Reach, RegisterState, RegisterType
from representation.models import Taxpayer
from representation.types import Acting

_PERIOD = ["taxpayer", "type", "start", "end"]


def _choices(
    names: type[RegisterType] | type[RegisterState] | type[Source],
) -> list[tuple[str, str]]:
    return [(name.value, name.value) for name in names]


class PartQuerySet(models.QuerySet["Part"]):
    """The questions asked of parts."""

    def abandoned(self) -> Self:
        """Return parts whose rows nobody will show: never kept, or shown by no register."""
        patience = clock.now() - timedelta(hours=1)
        unkept = Q(kept_at=None, created_at__lt=patience)
        unshown = Q(kept_at__lt=patience, emptied_at=None, shown=None)
        return self.filter(unkept | unshown)


class Part(models.Model):
    """What one file says for one register. Its rows never change; a newer file makes a newer part.

    Rows are copied while `kept_at` is empty; no register shows such a part. `emptied_at` tells
    that the rows of a part that was replaced before it was ever submitted were dropped.
    """

    id = models.BigAutoField(primary_key=True)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="isaf_parts")
    type = models.CharField(max_length=40, choices=_choices(RegisterType))
    start = models.DateField()
    end = models.DateField()
    part_number = models.CharField(max_length=20)
    source = models.CharField(max_length=16, choices=_choices(Source))
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="isaf_parts", null=True
    )
    created_at = models.DateTimeField(default=clock.now)
    kept_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)
    invoices = models.IntegerField(default=0)
    error_count = models.IntegerField(default=0)
    warning_count = models.IntegerField(default=0)
    taxable = EuroSumField(default=0)
    vat = EuroSumField(default=0)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["taxpayer", "type", "start"], name="isaf_part_period"),
            models.Index(fields=["created_at"], condition=Q(kept_at=None), name="isaf_part_unkept"),
        ]

    def __str__(self) -> str:
        return f"{self.part_number} ({self.id})"


class RegisterQuerySet(models.QuerySet["Register"]):
    """The questions asked of registers."""

    def visible_to(self, acting: Acting) -> Self:
        """Return the registers that the mandate reaches; who may not look is refused.

        Of a register that is reached in some parts only `seen` gives those.
        """
        acting.require("isaf.view")
        return self.of_taxpayer(acting.taxpayer_id).within(reach_of(acting, "isaf.view"))

    def within(self, reach: Reach) -> Self:
        """Return the registers of which a part is reached; their `reach` is told to them."""
        if reach.is_whole:
            return self
        shown = RegisterPart.objects.filter(
            parts_within(reach, "register__type", "part_number"), register=OuterRef("pk")
        )
        whole = [type_ for type_ in RegisterType if reach.holds(type_)]
        kept = Value(as_json(reach), output_field=models.JSONField())
        return self.filter(Q(type__in=whole) | Exists(shown)).annotate(within_json=kept)

    def of_taxpayer(self, taxpayer_id: int) -> Self:
        """Return the registers of one taxpayer that were not cancelled."""
        return self.filter(taxpayer_id=taxpayer_id, cancelled_at=None)

    def revisions_of(self, register: "Register") -> Self:
        """Return all revisions of the register's type and period, itself among them."""
        return self.of_taxpayer(register.taxpayer_id).filter(
            type=register.type, start=register.start, end=register.end
        )

    def of_period(self, period: Period) -> Self:
        """Return the registers of exactly this period."""
        return self.filter(start=period.start, end=period.end)

    def undecided(self) -> Self:
        """Return what was submitted and waits for its verdict."""
        return self.filter(state=RegisterState.SUBMITTED, relevant=True).filter(self._free())

    def unchecked(self) -> Self:
        """Return what is being prepared and has changed since it was last checked."""
        return self.filter(
            self._free(),
            state=RegisterState.PREPARING,
            cancelled_at=None,
            check_requested_at__isnull=False,
        )

    def due(self) -> Self:
        """Return what a worker may check now."""
        return self.undecided() | self.unchecked()

    def exhausted(self) -> Self:
        """Return what failed too often to be tried again, and nobody was told of."""
        submitted = Q(state=RegisterState.SUBMITTED, relevant=True)
        prepared = Q(state=RegisterState.PREPARING, check_requested_at__isnull=False)
        return self.filter(submitted | prepared, worn_out(), cancelled_at=None)

    def claim(self, register_id: UUID) -> bool:
        """Take a due register; of two workers exactly one gets True."""
        changed = (
            self.due()
            .filter(pk=register_id)
            .update(claimed_at=clock.now(), attempts=F("attempts") + 1)
        )
        return changed == 1

    @staticmethod
    def _free() -> Q:
        stale = clock.now() - PATIENCE
        return Q(attempts__lt=ATTEMPTS) & (Q(claimed_at=None) | Q(claimed_at__lt=stale))


class Register(models.Model):
    """The invoices of one kind of one taxpayer's tax period, in one revision.

    `relevant` is the official relevance (aktualumas), at most one per state; `current` marks the
    one revision that counts now: the newest relevant one. `errors` and `warnings` are the
    findings of the register checks; those of the files stand in its parts. `given_up_at` tells
    that its check failed too often and waits for the operators, who were told then.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.CharField(max_length=40, unique=True)
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="isaf_registers")
    type = models.CharField(max_length=40, choices=_choices(RegisterType))
    start = models.DateField()
    end = models.DateField()
    state = models.CharField(
        max_length=16, choices=_choices(RegisterState), default=RegisterState.PREPARING
    )
    relevant = models.BooleanField(default=False)
    current = models.BooleanField(default=False)
    revision = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    check_requested_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    given_up_at = models.DateTimeField(null=True)
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    parts = models.ManyToManyField(Part, through="RegisterPart", related_name="registers")

    objects = RegisterQuerySet.as_manager()

    class Meta:
        ordering = ["-start", "type", "-revision"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(RegisterState)), name="isaf_register_state"
            ),
            models.CheckConstraint(
                condition=Q(type__in=list(RegisterType)), name="isaf_register_type"
            ),
            models.CheckConstraint(
                condition=Q(start__lte=F("end")), name="isaf_register_start_before_end"
            ),
            models.CheckConstraint(
                condition=Q(current=False) | Q(relevant=True), name="isaf_register_current_relevant"
            ),
            models.CheckConstraint(
                condition=Q(relevant=False) | ~Q(state=RegisterState.PREPARING),
                name="isaf_register_preparing_irrelevant",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(state=RegisterState.PREPARING),
                name="isaf_register_cancelled_preparing",
            ),
            models.CheckConstraint(
                condition=Q(state=RegisterState.PREPARING) ^ Q(submitted_at__isnull=False),
                name="isaf_register_submitted_at",
            ),
            models.UniqueConstraint(
                fields=[*_PERIOD, "revision"], name="isaf_register_revision_once"
            ),
            models.UniqueConstraint(
                fields=_PERIOD, condition=Q(current=True), name="isaf_register_one_current"
            ),
            models.UniqueConstraint(
                fields=[*_PERIOD, "state"],
                condition=Q(relevant=True),
                name="isaf_register_one_relevant_per_state",
            ),
            models.UniqueConstraint(
                fields=_PERIOD,
                condition=Q(state=RegisterState.PREPARING, cancelled_at=None),
                name="isaf_register_one_preparing",
            ),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "-start"], name="isaf_register_list"),
            models.Index(
                fields=["claimed_at"],
                condition=Q(state=RegisterState.SUBMITTED, relevant=True)
                | Q(check_requested_at__isnull=False),
                name="isaf_register_due",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def period(self) -> Period:
        """Return the tax period."""
        return Period(self.start, self.end)

    @property
    def seen(self) -> "QuerySet[RegisterPart]":
        """Return the parts shown, as far as the mandate reaches by which the register was found."""
        return self.shown.filter(parts_within(self.reach, "register__type", "part_number"))

    @property
    def reach(self) -> Reach:
        """How far the mandate reaches by which the register was found (`within`)."""
        return reach_within(getattr(self, "within_json", ()))

    @property
    def is_seen_wholly(self) -> bool:
        """Whether all of its parts are seen."""
        return self.reach.holds(RegisterType(self.type))


class RegisterPart(models.Model):
    """A part shown by a register; one per part number."""

    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="shown")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="shown")
    part_number = models.CharField(max_length=20)

    class Meta:
        ordering = ["register", "part_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "part_number"], name="isaf_registerpart_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.part_number


class RegisterProblem(ProblemRow):
    """A finding of the checks that compare a register with itself and with other registers."""

    on = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="problems")
    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="+", null=True)
    invoice_position = models.IntegerField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["on", "position"], name="isaf_registerproblem_position")
        ]

    def __str__(self) -> str:
        return self.code
