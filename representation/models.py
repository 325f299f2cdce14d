"""Taxpayers as the register knows them, mandates, and the journal of what was done."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from imas.kernel.periods import PeriodKind
from representation.ranges import Only, OnlyText, no_overlap
from representation.types import TaxpayerKind


class ValidOn(models.QuerySet):  # type: ignore[type-arg]
    """Questions about rows that hold for a run of days."""

    def on(self, day: date) -> Self:
        """Rows in force on this day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class TaxpayerQuerySet(models.QuerySet["Taxpayer"]):
    """Questions about taxpayers."""

    def by_code(self, code: str) -> Self:
        """The taxpayer with this code, if any."""
        return self.filter(code=code)

    def with_vat(self, vat_code: str) -> Self:
        """Taxpayers who have or had this VAT code."""
        return self.filter(vat_registrations__vat_code=vat_code).distinct()

    def with_vat_on(self, day: date) -> Self:
        """Each with `vat_code`, the one in force on this day or ""."""
        codes = VatRegistration.objects.filter(taxpayer=models.OuterRef("pk")).on(day)
        return self.annotate(
            vat_code=Coalesce(models.Subquery(codes.values("vat_code")[:1]), models.Value(""))
        )


class Taxpayer(models.Model):
    """Somebody who owes tax: a person, a company or a foreigner, known by one code for ever."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in TaxpayerKind])
    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=300)
    address = models.CharField(max_length=300, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    postal_code = models.CharField(max_length=20, blank=True, default="")
    country = models.CharField(max_length=2, default="LT")

    objects = TaxpayerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(TaxpayerKind)), name="representation_taxpayer_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def vat_code_on(self, day: date) -> str:
        """Return the VAT code in force on this day, or ""."""
        registration = self.vat_registrations.on(day).first()
        return registration.vat_code if registration else ""

    def period_kind_on(self, day: date) -> PeriodKind | None:
        """Return the kind of tax period in force on this day, None where the register is silent."""
        row = self.period_kinds.on(day).first()
        return PeriodKind(row.kind) if row else None

    def cash_accounting_on(self, day: date) -> bool:
        """Tell whether VAT is accounted when paid on this day (PVM įstatymas, 14 str. 9 d.)."""
        return self.cash_accounting_periods.on(day).exists()

    def farmer_scheme_on(self, day: date) -> bool:
        """Tell whether the farmers' compensation scheme applies on this day."""
        return self.farmer_scheme_periods.on(day).exists()


class Validity(models.Model):
    """A fact of the register that holds from one day to another, both included."""

    id = models.BigAutoField(primary_key=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = ValidOn.as_manager()

    class Meta:
        abstract = True
        ordering = ["-valid_from", "pk"]


class VatRegistration(Validity):
    """A taxpayer's VAT code; one code belongs to one taxpayer at a time."""

    taxpayer = models.ForeignKey(
        Taxpayer, on_delete=models.PROTECT, related_name="vat_registrations"
    )
    vat_code = models.CharField(max_length=20, db_index=True)

    class Meta(Validity.Meta):
        constraints = [
            no_overlap(
                "representation_vatregistration_one_at_a_time",
                Only("taxpayer"),
                days=("valid_from", "valid_to"),
            ),
            no_overlap(
                "representation_vatregistration_one_owner",
                OnlyText("vat_code"),
                days=("valid_from", "valid_to"),
            ),
        ]

    def __str__(self) -> str:
        return self.vat_code


class TaxPeriodKind(Validity):
    """How long a taxpayer's VAT periods are."""

    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="period_kinds")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in PeriodKind])

    class Meta(Validity.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(PeriodKind)), name="representation_taxperiodkind_kind"
            ),
            no_overlap(
                "representation_taxperiodkind_one_at_a_time",
                Only("taxpayer"),
                days=("valid_from", "valid_to"),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class CashAccounting(Validity):
    """Days on which a taxpayer accounts VAT when it is paid."""

    taxpayer = models.ForeignKey(
        Taxpayer, on_delete=models.PROTECT, related_name="cash_accounting_periods"
    )

    class Meta(Validity.Meta):
        constraints = [
            no_overlap(
                "representation_cashaccounting_one_at_a_time",
                Only("taxpayer"),
                days=("valid_from", "valid_to"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}/{self.valid_to or ''}"


class FarmerScheme(Validity):
    """Days on which a farmer is paid the compensation rate instead of VAT."""

    taxpayer = models.ForeignKey(
        Taxpayer, on_delete=models.PROTECT, related_name="farmer_scheme_periods"
    )

    class Meta(Validity.Meta):
        constraints = [
            no_overlap(
                "representation_farmerscheme_one_at_a_time",
                Only("taxpayer"),
                days=("valid_from", "valid_to"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}/{self.valid_to or ''}"


class MandateQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Questions about headships and grants."""

    def on(self, day: date) -> Self:
        """Mandates in force on this day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Headship(models.Model):
    """A person at the head of a legal person, or equal to the head (VA-119, 6.1 p.)."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="headships"
    )
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="headships")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="representation_headship_ends_after_start",
            ),
            no_overlap(
                "representation_headship_once",
                Only("user"),
                Only("taxpayer"),
                days=("since", "until"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.taxpayer_id}"


class GrantQuerySet(MandateQuerySet):
    """Questions about grants."""

    def unrevoked(self) -> Self:
        """Grants nobody has taken back."""
        return self.filter(revoked_at__isnull=True)

    def in_force(self, day: date) -> Self:
        """Grants that give their right on this day."""
        return self.unrevoked().on(day)


class Grant(models.Model):
    """One right given by a taxpayer to a person (VA-119, 6.2 p.); kept after it ends."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants"
    )
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="grants")
    right = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="grants_given"
    )
    granted_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="grants_revoked",
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["taxpayer", "user", "right", "pk"]
        indexes = [
            models.Index(fields=["taxpayer", "user"], name="representation_grant_people"),
            models.Index(fields=["user", "taxpayer"], name="representation_grant_clients"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="representation_grant_ends_after_start",
            ),
            no_overlap(
                "representation_grant_once",
                Only("user"),
                Only("taxpayer"),
                OnlyText("right"),
                days=("since", "until"),
                condition=Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.taxpayer_id}: {self.right}"


class Choice(models.Model):
    """When a person last chose to act for a taxpayer: recent ones are offered first."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="choices"
    )
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.CASCADE, related_name="choices")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "taxpayer"], name="representation_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.taxpayer_id}"


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
        indexes = [models.Index(fields=["taxpayer", "-id"], name="representation_journal_newest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
