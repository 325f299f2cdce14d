"""What was entered by hand, as the pages of a sheet show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from imas.kernel.errors import NotFoundError
from imas.kernel.money import ZERO
from imas.kernel.periods import Period
from imas.web.paging import Keyset, Page
from intake.types import DocumentState
from isaf.models import EntryRow, EntrySheet
from isaf.types import RegisterType
from representation.types import Acting

_NEWEST_FIRST = Keyset("pk", descending=True, size=50)


@dataclass(frozen=True, slots=True)
class EntryTotals:
    """The rows of one register of a sheet in numbers; sums in euros."""

    rows: int = 0
    taxable: Decimal = ZERO
    vat: Decimal = ZERO
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class SheetShown:
    """A sheet, None before anything is entered, with its sums by register."""

    sheet: EntrySheet | None
    totals: dict[str, EntryTotals]

    def of(self, type_: RegisterType) -> EntryTotals:
        """Return the sums of a register."""
        return self.totals.get(type_, EntryTotals())

    @property
    def errors(self) -> int:
        """Errors in all of its rows."""
        return sum(one.errors for one in self.totals.values())

    @property
    def is_taken(self) -> bool:
        """Whether the file last made of it was accepted."""
        handed = self.sheet.handed if self.sheet else None
        return handed is not None and handed.state == DocumentState.ACCEPTED

    @property
    def waits(self) -> bool:
        """Whether something entered has not been handed over."""
        return self.sheet is not None and self.sheet.is_changed

    @property
    def may_hand_over(self) -> bool:
        """Whether handing over would change anything: it waits, or was not taken the last time."""
        handed = self.sheet.handed if self.sheet else None
        is_refused = handed is not None and not handed.is_waiting and not self.is_taken
        return self.waits or is_refused


def sheet_shown(acting: Acting, period: Period) -> SheetShown:
    """Return the sheet of a period in two queries."""
    sheet = EntrySheet.objects.of(acting, period).select_related("handed").first()
    if sheet is None:
        return SheetShown(None, {})
    summed = (
        sheet.rows.order_by()
        .values("type")
        .annotate(
            count=Count("pk"),
            taxable_sum=Sum("taxable"),
            vat_sum=Sum("vat"),
            all_errors=Sum("errors"),
            all_warnings=Sum("warnings"),
        )
    )
    return SheetShown(
        sheet,
        {
            row["type"]: EntryTotals(
                row["count"],
                row["taxable_sum"],
                row["vat_sum"],
                row["all_errors"],
                row["all_warnings"],
            )
            for row in summed
        },
    )


def entry_page(sheet: EntrySheet | None, type_: RegisterType, at: str) -> "Page[EntryRow]":
    """Return a page of a register's rows, the newest first."""
    rows = EntryRow.objects.filter(type=type_).select_related("changed_by")
    return _NEWEST_FIRST.page(rows.filter(sheet=sheet) if sheet else rows.none(), at)


def find_entry(acting: Acting, period: Period, type_: RegisterType, row_id: int) -> EntryRow:
    """Return a row of the taxpayer's sheet; NotFoundError("entry-not-found") to strangers too."""
    sheets = EntrySheet.objects.of(acting, period)
    row = EntryRow.objects.filter(sheet__in=sheets, type=type_, pk=row_id).first()
    if row is None:
        raise NotFoundError("entry-not-found")
    return row


def entry_of_number(
    acting: Acting, period: Period, type_: RegisterType, number: str
) -> EntryRow | None:
    """Return the row of an invoice number, if it was entered by hand."""
    sheets = EntrySheet.objects.of(acting, period)
    return EntryRow.objects.filter(sheet__in=sheets, type=type_, number=number).first()


def last_entry(acting: Acting, period: Period, type_: RegisterType) -> EntryRow | None:
    """Return the row entered last, from which the next one takes its day and code."""
    sheets = EntrySheet.objects.of(acting, period)
    return EntryRow.objects.filter(sheet__in=sheets, type=type_).first()


def known_parties(acting: Acting, text: str, most: int = 8) -> Sequence[dict[str, Any]]:
    """Return the parties of rows entered before whose name or code begins so, each once."""
    rows = EntryRow.objects.filter(sheet__taxpayer_id=acting.taxpayer_id)
    found = rows.filter(counterparty_name__istartswith=text) | rows.filter(
        counterparty_code__istartswith=text
    )
    latest = found.order_by("counterparty_code", "counterparty_name", "-pk").distinct(
        "counterparty_code", "counterparty_name"
    )
    return [row.content["party"] for row in latest[:most]]
