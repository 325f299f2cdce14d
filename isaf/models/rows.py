"""The rows of registers: large tables partitioned by the month a tax period starts in.

The tables are made by SQL in migration 0002 and filled by COPY in `isaf.storing`; the models
here only read them. A row belongs to a part and is seen only while a register shows that part.
"""

from datetime import date
from typing import Self

from django.db import models

from imas.web.db import EuroField, EuroSumField


class PartRowQuerySet(models.QuerySet):  # type: ignore[type-arg]  # one class for four row models
    """The questions asked of rows."""

    def of_part(self, period_start: date, part_id: int) -> Self:
        """Return the rows of one part in the order of the file; names the partition to look in."""
        return self.filter(period_start=period_start, part_id=part_id).order_by("position")

    def of_parts(self, period_start: date, part_ids: list[int]) -> Self:
        """Return the rows of several parts of one period."""
        return self.filter(period_start=period_start, part_id__in=part_ids)


class Invoice(models.Model):
    """One invoice of one register; sums are those of its rows, a missing VAT amount counts as 0.

    `codes` are those of its rows, each once, in order, with commas between; "" of a row without.
    """

    pk = models.CompositePrimaryKey("period_start", "part_id", "position")
    period_start = models.DateField()
    part_id = models.BigIntegerField()
    position = models.IntegerField()
    side = models.CharField(max_length=1)
    line = models.IntegerField()
    number = models.TextField()
    number_norm = models.TextField()
    match_key = models.BigIntegerField(null=True)
    counterparty_vat = models.TextField()
    counterparty_code = models.TextField()
    country = models.TextField()
    counterparty_name = models.TextField()
    issued = models.DateField()
    type = models.CharField(max_length=2)
    special = models.BooleanField()
    vat_point = models.DateField(null=True)
    registered = models.DateField(null=True)
    taxable = EuroSumField()
    vat = EuroSumField()
    total = EuroSumField()
    refs = models.JSONField(null=True)
    codes = models.TextField()

    objects = PartRowQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "isaf_invoice"

    def __str__(self) -> str:
        return self.number


class TaxRow(models.Model):
    """One total of an invoice: a VAT code with its base, rate in per cent and tax."""

    pk = models.CompositePrimaryKey("period_start", "part_id", "position", "row_no")
    period_start = models.DateField()
    part_id = models.BigIntegerField()
    position = models.IntegerField()
    row_no = models.SmallIntegerField()
    taxable = EuroField()
    code = models.TextField()
    rate = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    amount = EuroField(null=True)  # type: ignore[misc]  # typed for columns that are never null
    vat_point = models.DateField(null=True)

    objects = PartRowQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "isaf_tax_row"

    def __str__(self) -> str:
        return f"{self.code} {self.taxable}"


class Settlement(models.Model):
    """Money that moved for invoices under cash accounting: G received, V paid."""

    pk = models.CompositePrimaryKey("period_start", "part_id", "position")
    period_start = models.DateField()
    part_id = models.BigIntegerField()
    position = models.IntegerField()
    line = models.IntegerField()
    kind = models.CharField(max_length=1)
    reference = models.TextField()
    paid_on = models.DateField()
    counterparty_vat = models.TextField()
    counterparty_code = models.TextField()
    country = models.TextField()
    counterparty_name = models.TextField()
    taxable = EuroSumField()
    vat = EuroSumField()

    objects = PartRowQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "isaf_settlement"

    def __str__(self) -> str:
        return self.reference


class SettledInvoice(models.Model):
    """One invoice a settlement pays for, with the base and tax paid."""

    pk = models.CompositePrimaryKey("period_start", "part_id", "position", "row_no")
    period_start = models.DateField()
    part_id = models.BigIntegerField()
    position = models.IntegerField()
    row_no = models.SmallIntegerField()
    number = models.TextField()
    number_norm = models.TextField()
    issued = models.DateField()
    amount = EuroField()
    vat = EuroField()

    objects = PartRowQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "isaf_settled_invoice"

    def __str__(self) -> str:
        return self.number
