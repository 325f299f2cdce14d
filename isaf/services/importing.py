"""Spreadsheets taken into the sheet of a period: all of their records, or none."""

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import NotFoundError, RefusedDocumentError
from imas.kernel.periods import Period
from isaf.models import EntryImport, EntryMapping
from isaf.records import RecordForm, form_of
from isaf.services.entering import require_sheet, save_rows
from isaf.spreadsheets import Columns, SheetRecord, fields_of, guessed, records_of
from isaf.types import RegisterType
from representation.registers.sheets import rows_of
from representation.types import Acting

MOST_COLUMNS = 40
MOST_TOLD = 200
"""So many mistakes of one spreadsheet are told."""

_KEPT = timedelta(days=1)
_LONGEST_CELL = 300


@dataclass(frozen=True, slots=True)
class LineMistake:
    """What is wrong in a line of a spreadsheet; lines count from 1, the heading's."""

    line: int
    field: str
    message: str


def take_spreadsheet(
    acting: Acting, period: Period, type_: RegisterType, file: IO[bytes], filename: str
) -> EntryImport:
    """Keep the cells of a CSV file or of a workbook's first sheet until its columns are named.

    RefusedDocumentError("entry-file-empty") where nothing stands below a heading,
    "entry-file-long" beyond ISAF_SHEET_ROWS lines, and that of an unreadable file.
    """
    require_sheet(acting, period, type_)
    rows: list[list[str]] = []
    with closing(rows_of(file, MOST_COLUMNS)) as found:
        for row in found:
            rows.append([cell.replace("\0", "")[:_LONGEST_CELL] for cell in row])
            if len(rows) > settings.ISAF_SHEET_ROWS + 1:
                raise RefusedDocumentError("entry-file-long", limit=f"{settings.ISAF_SHEET_ROWS}")
    heading, lines = (rows[0], rows[1:]) if rows else ([], [])
    if not any(map(any, lines)):
        raise RefusedDocumentError("entry-file-empty")
    return EntryImport.objects.create(
        taxpayer_id=acting.taxpayer_id,
        start=period.start,
        end=period.end,
        type=type_,
        filename=filename[:255],
        heading=heading,
        lines=lines,
        created_by_id=acting.person_id,
    )


def forget_spreadsheets() -> None:
    """Delete the cells of spreadsheets whose columns nobody has named for a day."""
    EntryImport.objects.filter(created_at__lt=clock.now() - _KEPT).delete()


def find_import(
    acting: Acting, period: Period, type_: RegisterType, import_id: UUID
) -> EntryImport:
    """Return a spreadsheet on its way in; NotFoundError("entry-not-found") to strangers too."""
    require_sheet(acting, period, type_)
    found = EntryImport.objects.filter(
        pk=import_id,
        taxpayer_id=acting.taxpayer_id,
        type=type_,
        start=period.start,
        end=period.end,
    ).first()
    if found is None:
        raise NotFoundError("entry-not-found")
    return found


def columns_for(spreadsheet: EntryImport) -> dict[str, int]:
    """Return which column holds what: as said the last time, else as the names let one guess."""
    known = EntryMapping.objects.filter(
        taxpayer_id=spreadsheet.taxpayer_id, type=spreadsheet.type, heading=_digest(spreadsheet)
    ).first()
    return known.columns if known else guessed(RegisterType(spreadsheet.type), spreadsheet.heading)


def take_in(
    acting: Acting, period: Period, spreadsheet: EntryImport, columns: Columns
) -> tuple[int, Sequence[LineMistake]]:
    """Put the records of a spreadsheet into the sheet; return how many, or what is wrong.

    With one mistake nothing is taken. The columns are remembered for the next spreadsheet with the
    same heading.
    """
    type_ = RegisterType(spreadsheet.type)
    EntryMapping.objects.update_or_create(
        taxpayer_id=spreadsheet.taxpayer_id,
        type=type_,
        heading=_digest(spreadsheet),
        defaults={"columns": dict(columns), "used_at": clock.now()},
    )
    contents: list[dict[str, Any]] = []
    mistakes: list[LineMistake] = []
    for record in records_of(type_, spreadsheet.lines, columns):
        form = form_of(type_)(record.sent, register=type_, period=period)
        if form.is_valid():
            contents.append(form.content())
        elif len(mistakes) < MOST_TOLD:
            mistakes += _mistakes(form, record)
    if mistakes or not contents:
        return 0, mistakes[:MOST_TOLD]
    with transaction.atomic():
        save_rows(acting, period, type_, contents)
        spreadsheet.delete()
    return len(contents), ()


def _digest(spreadsheet: EntryImport) -> str:
    return sha256(json.dumps(spreadsheet.heading).encode()).hexdigest()


def _mistakes(form: RecordForm, record: SheetRecord) -> Iterable[LineMistake]:
    """Tell each mistake at the line it stands in: a line of a record is that of its place."""
    names = fields_of(form.register)
    for field, message in form.mistakes:
        name, _dash, rest = field.html_name.partition("-")
        index, _dash, column = rest.partition("-")
        place = int(index) if index.isdecimal() and int(index) < len(record.lines) else 0
        label = names.get(f"{name}-{column}" if column else name, field.label)
        yield LineMistake(record.lines[place], f"{label}", message)
