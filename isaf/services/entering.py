"""Entering invoices and settlements by hand, and handing them over as a part of the registers.

VA-119, 17.4. What is entered is kept in a sheet of the tax period until somebody hands it over:
then it is written as an i.SAF file and goes the way of every file, so there is one truth about
what is right. The part it makes has a number of its own and is replaced by the next hand-over.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

from django.conf import settings
from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError, UnprocessableError
from imas.kernel.periods import Period
from imas.kernel.problems import Place, Problem, Severity
from intake.models import Document
from isaf import rules
from isaf.building import document, own_header
from isaf.entered import Content, Record, cancelled, record_of, totals_of
from isaf.limits import reach_of, require_part
from isaf.models import EntryRow, EntrySheet
from isaf.services import uploading
from isaf.services.periods import require_open
from isaf.types import (
    NOT_KNOWN,
    DataType,
    FileContext,
    Invoice,
    RegisterType,
    Settlement,
    normalise_number,
)
from representation.services import journal
from representation.types import Acting

PART = "PORTAL"
"""The number of the part that the sheet of a period makes."""

RIGHT = "isaf.upload"
_INVOICES = (RegisterType.SALES, RegisterType.PURCHASE)
_REPEATED = {RegisterType.SALES: "14067", RegisterType.PURCHASE: "14068"}


def registers_entered(acting: Acting) -> list[RegisterType]:
    """Return the registers that somebody may enter records of, the issued invoices first."""
    if not acting.may(RIGHT):
        return []
    reached = reach_of(acting, RIGHT).registers_of(PART)
    return [type_ for type_ in RegisterType if type_ in reached]


def require_sheet(acting: Acting, period: Period, type_: RegisterType) -> FileContext:
    """Return what records of a period are judged against; refuse whoever may not enter them.

    Refused as `require_open` refuses, and as limits of mandates do.
    """
    require_part(acting, RIGHT, type_, PART)
    facts = require_open(acting, period)
    return FileContext(
        taxpayer_code=facts.code,
        taxpayer_vat=facts.vat_code,
        period=period,
        data_type=DataType.FULL,
        today=clock.today(),
        cash_accounting=facts.cash_accounting,
    )


def problems_of(record: Record, context: FileContext) -> list[Problem]:
    """Judge one record by the rules that files are judged by."""
    if isinstance(record, Settlement):
        return list(rules.settlement_problems(record, context))
    return list(rules.invoice_problems(record, context))


def problems_in_sheet(
    acting: Acting, record: Record, context: FileContext, row_id: int | None = None
) -> list[Problem]:
    """Judge one record as `problems_of` does, and against the other rows of its sheet."""
    return [*problems_of(record, context), *_repeated(acting, record, context, row_id)]


def save_row(
    acting: Acting,
    period: Period,
    type_: RegisterType,
    content: Content,
    *,
    row: EntryRow | None = None,
    version: int = 0,
) -> EntryRow:
    """Keep a record (`isaf.entered.content_of`) in the sheet, as a new row or in place of one.

    ConflictError("entry-changed") when the row is no longer of that `version`,
    UnprocessableError("entry-full") when the sheet holds as many rows as it may.
    """
    context, record = require_sheet(acting, period, type_), record_of(type_, content)
    with transaction.atomic():
        sheet = _locked(acting, period)
        kept = _current(sheet, type_, row, version) if row else _new(sheet, type_)
        found = problems_in_sheet(acting, record, context, kept.pk)
        _describe(kept, record, content)
        _count(kept, found)
        kept.changed_by_id = acting.person_id
        kept.save()
        _touch(sheet)
    return kept


def save_rows(
    acting: Acting, period: Period, type_: RegisterType, contents: Sequence[Content]
) -> None:
    """Keep many new records at once, in their order; refused as `save_row` is.

    Each is judged by itself and against those before it. One query for each 500.
    """
    context = require_sheet(acting, period, type_)
    with transaction.atomic():
        sheet = _locked(acting, period)
        if sheet.rows.filter(type=type_).count() + len(contents) > settings.ISAF_SHEET_ROWS:
            raise UnprocessableError("entry-full", limit=f"{settings.ISAF_SHEET_ROWS}")
        seen = {_key(row) for row in sheet.rows.filter(type=type_).defer("content")}
        made = []
        for content in contents:
            record = record_of(type_, content)
            row = EntryRow(sheet=sheet, type=type_, changed_by_id=acting.person_id)
            _describe(row, record, content)
            found = problems_of(record, context)
            if isinstance(record, Invoice) and _key(row) in seen:
                found.append(_repetition(record, context))
            _count(row, found)
            seen.add(_key(row))
            made.append(row)
        EntryRow.objects.bulk_create(made, batch_size=500)
        _touch(sheet)
        journal(acting, "isaf.entries-imported", f"{period} {len(made)}")


def cancel_row(acting: Acting, period: Period, row: EntryRow, version: int) -> EntryRow:
    """Mark an invoice as cancelled (type AN); a settlement has no such mark: `NotFoundError`."""
    type_ = RegisterType(row.type)
    if type_ is RegisterType.SETTLEMENT:
        raise NotFoundError("entry-not-found")
    return save_row(acting, period, type_, cancelled(row.content), row=row, version=version)


def remove_row(acting: Acting, period: Period, row: EntryRow) -> None:
    """Take a row out of its sheet; what was handed over stays until the next hand-over."""
    require_part(acting, RIGHT, RegisterType(row.type), PART)
    with transaction.atomic():
        sheet = _locked(acting, period)
        sheet.rows.filter(pk=row.pk).delete()
        _touch(sheet)
        journal(acting, "isaf.entry-removed", f"{period} {row.number}")


def hand_over(acting: Acting, period: Period) -> Document:
    """Write the sheet as an i.SAF file and send it; it is judged as any other.

    The file speaks for the invoice registers that have rows or had some when it was last handed
    over, for both when there is none. ForbiddenError unless the right reaches all of them;
    ConflictError("entry-empty") when nothing was ever entered.
    """
    with transaction.atomic():
        sheet = _locked(acting, period)
        entered = set(sheet.rows.values_list("type", flat=True).distinct().order_by())
        types = {RegisterType(type_) for type_ in entered.union(sheet.handed_types)}
        if not types:
            raise ConflictError("entry-empty", period=period.code)
        data_type = _data_type(types)
        for type_ in types | data_type.covers:
            require_part(acting, RIGHT, type_, PART)
        require_open(acting, period)
        header = own_header(acting.taxpayer_code, period, PART, data_type)
        content = document(
            header,
            sales=cast("Iterator[Invoice]", _records(sheet, RegisterType.SALES)),
            purchases=cast("Iterator[Invoice]", _records(sheet, RegisterType.PURCHASE)),
            settlements=cast("Iterator[Settlement]", _records(sheet, RegisterType.SETTLEMENT)),
        )
        name = f"{PART.lower()}-{period.start}-{period.end}.xml"
        sheet.handed = uploading.send_written(acting, name, content)
        sheet.handed_at, sheet.handed_types = clock.now(), sorted(types)
        sheet.save()
    return sheet.handed


def code_of(record: Record) -> str:
    """Return the code that tells the other side of a record, empty when none is known."""
    party = record.party
    known = (code for code in (party.vat_code, party.registration_code) if code != NOT_KNOWN)
    return next(filter(None, known), "")


def _data_type(types: set[RegisterType]) -> DataType:
    invoices = types.intersection(_INVOICES)
    if invoices == {RegisterType.SALES}:
        return DataType.SALES
    return DataType.PURCHASES if invoices == {RegisterType.PURCHASE} else DataType.FULL


def _records(sheet: EntrySheet, type_: RegisterType) -> Iterator[Record]:
    rows = sheet.rows.filter(type=type_).order_by("pk").values_list("content", flat=True)
    for position, content in enumerate(rows.iterator()):
        yield record_of(type_, content, position)


def _locked(acting: Acting, period: Period) -> EntrySheet:
    """Return the sheet, made if need be, held against others until the transaction ends."""
    EntrySheet.objects.get_or_create(
        taxpayer_id=acting.taxpayer_id, start=period.start, end=period.end
    )
    return EntrySheet.objects.of(acting, period).select_for_update().get()


def _current(sheet: EntrySheet, type_: RegisterType, row: EntryRow, version: int) -> EntryRow:
    found = sheet.rows.filter(pk=row.pk, type=type_).first()
    if found is None or found.version != version:
        raise ConflictError("entry-changed", number=row.number)
    found.version += 1
    return found


def _new(sheet: EntrySheet, type_: RegisterType) -> EntryRow:
    if sheet.rows.filter(type=type_).count() >= settings.ISAF_SHEET_ROWS:
        raise UnprocessableError("entry-full", limit=f"{settings.ISAF_SHEET_ROWS}")
    return EntryRow(sheet=sheet, type=type_)


def _describe(row: EntryRow, record: Record, content: Content) -> None:
    row.content = content
    row.number = record.reference if isinstance(record, Settlement) else record.number
    row.number_norm = normalise_number(row.number)
    row.counterparty_name, row.counterparty_code = record.party.name, code_of(record)
    row.day = record.date if isinstance(record, Settlement) else record.issued
    row.kind = record.kind if isinstance(record, Settlement) else record.type or "SF"
    row.taxable, row.vat = totals_of(record)
    row.changed_at = clock.now()


def _count(row: EntryRow, found: Sequence[Problem]) -> None:
    row.errors = sum(one.severity is Severity.ERROR for one in found)
    row.warnings = sum(one.severity is Severity.WARNING for one in found)


def _key(row: EntryRow) -> tuple[str, date, str]:
    """What tells that two rows are one invoice; of sales the number is one's own."""
    supplier = row.counterparty_code if row.type == RegisterType.PURCHASE else ""
    return row.number_norm, row.day, supplier


def _touch(sheet: EntrySheet) -> None:
    EntrySheet.objects.filter(pk=sheet.pk).update(changed_at=clock.now())


def _repeated(
    acting: Acting, record: Record, context: FileContext, row_id: int | None
) -> Iterator[Problem]:
    """Find another row with the same number and day, of the same supplier (14067, 14068)."""
    if isinstance(record, Settlement):
        return
    others = EntryRow.objects.filter(
        sheet__in=EntrySheet.objects.of(acting, context.period),
        type=record.register,
        number_norm=normalise_number(record.number),
        day=record.issued,
    )
    if row_id is not None:
        others = others.exclude(pk=row_id)
    if record.register is RegisterType.PURCHASE:
        others = others.filter(counterparty_code=code_of(record))
    if others.exists():
        yield _repetition(record, context)


def _repetition(invoice: Invoice, context: FileContext) -> Problem:
    return rules.problem(
        _REPEATED[invoice.register],
        Place(path="InvoiceNo", register=invoice.register, invoice_no=invoice.number),
        context.today,
        value=invoice.number,
        number=invoice.number,
        issued=f"{invoice.issued}",
    )
