"""Taxpayers as the register knows them."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from imas.kernel.periods import PeriodKind
from representation.models.validity import Validity
from representation.ranges import Only, OnlyText, no_overlap
from representation.types import TaxpayerKind


class TaxpayerQuerySet(models.QuerySet["Taxpayer"]):
    """Questions about taxpayers."""

    def by_code(self, code: str) -> Self:
        """The taxpayer with this code, if any."""
        return self.filter(code=code)

    def existing_on(self, day: date) -> Self:
        """Those who live or are registered on this day."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day))

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
    ended_on = models.DateField(null=True, blank=True)

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

    def exists_on(self, day: date) -> bool:
        """Tell whether the person lives and the company is registered on this day.

        `ended_on`, the day of death or deregistration, is the last one.
        """
        return self.ended_on is None or day <= self.ended_on

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
