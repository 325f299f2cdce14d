"""Files that people bring: a column of codes, or rows, of a CSV file or a workbook."""

import csv
import zipfile
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from io import TextIOWrapper
from typing import IO

from imas.kernel.errors import RefusedDocumentError

_ZIP = b"PK\x03\x04"
_MOST_UNPACKED = 64 * 1024 * 1024
_LONGEST_LINE = 4096
_LONGEST_CODE = 40


def codes_of(file: IO[bytes], most: int) -> list[str]:
    """Return the codes of a file in order, blanks and a heading left out.

    Unreadable: `RefusedDocumentError`; none or more than `most` codes: the same.
    """
    is_workbook = file.read(len(_ZIP)) == _ZIP
    file.seek(0)
    cells = _of_workbook(file) if is_workbook else _of_csv(file)
    codes: list[str] = []
    for cell in cells:
        if any(character.isdigit() for character in cell):
            codes.append(cell[:_LONGEST_CODE])
        if len(codes) > most:
            raise RefusedDocumentError("lookup-too-many", limit=str(most))
    if not codes:
        raise RefusedDocumentError("lookup-file-empty")
    return codes


def rows_of(file: IO[bytes], columns: int) -> Generator[list[str], None, None]:
    """Return the rows of a CSV file or of a workbook's first sheet, so many cells of each.

    Columns of a CSV file are parted by what parts its heading: a semicolon, tab or comma. Whoever
    stops early closes what is returned, before the file. Unreadable: `RefusedDocumentError`.
    """
    is_workbook = file.read(len(_ZIP)) == _ZIP
    file.seek(0)
    if is_workbook:
        for values in _cells(file, columns):
            yield [_as_code(value) for value in values]
        return
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        heading = next(_lines(text), "")
        text.seek(0)
        delimiter = max(";\t,", key=heading.count)
        for row in csv.reader(_lines(text), delimiter=delimiter):
            yield [cell.strip() for cell in row[:columns]]
    except (UnicodeDecodeError, csv.Error):
        raise RefusedDocumentError("lookup-file-unreadable") from None
    finally:
        text.detach()


def _of_csv(file: IO[bytes]) -> Iterator[str]:
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        for row in csv.reader(_lines(text), delimiter=";"):
            yield row[0].partition(",")[0].strip(" \t'\"") if row else ""
    except (UnicodeDecodeError, csv.Error):
        raise RefusedDocumentError("lookup-file-unreadable") from None
    finally:
        text.detach()


def _lines(text: TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        yield line.replace("\0", "")


def _of_workbook(file: IO[bytes]) -> Iterator[str]:
    for (value,) in _cells(file, 1):
        yield _as_code(value)


def _cells(file: IO[bytes], columns: int) -> Iterator[tuple[object, ...]]:
    """Read the first sheet; a bomb and a document type are refused before anything is parsed."""
    # Only a workbook needs it, and every process would load it at its start.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        _refuse_bombs(file)
        book = load_workbook(file, read_only=True, data_only=True)
        rows: Iterable[tuple[object, ...]] = book.worksheets[0].iter_rows(
            max_col=columns, values_only=True
        )
        yield from rows
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError):
        raise RefusedDocumentError("lookup-file-unreadable") from None


def _refuse_bombs(file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > _MOST_UNPACKED:
            raise RefusedDocumentError("lookup-file-unreadable")
        for member in members:
            with archive.open(member) as part:
                if b"<!DOCTYPE" in part.read(_LONGEST_LINE):
                    raise RefusedDocumentError("lookup-file-unreadable")
    file.seek(0)


def _as_code(value: object) -> str:
    """A code that a spreadsheet took for a number is written without its zero after the point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value).strip()
