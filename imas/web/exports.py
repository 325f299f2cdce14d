"""Tables to take away: XLSX and CSV, written row by row."""

import csv
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

import xlsxwriter
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from imas.kernel.clock import VILNIUS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_575  # what a sheet holds below its heading

# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection).
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def xlsx_response(
    filename: str, headers: "Sequence[_StrOrPromise]", rows: Iterable[Sequence[Any]]
) -> FileResponse:
    """Answer a workbook of one sheet, in constant memory; full sheets are followed by more."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when sent
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        _Sheets(book, [str(header) for header in headers]).write(rows)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)
    weakref.finalize(response, file.close)  # an answer nobody waits for is never closed
    return response


def csv_response(
    filename: str, headers: "Sequence[_StrOrPromise]", rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """Answer semicolon-separated UTF-8 with a byte order mark, as Excel in Lithuania reads it."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")

    def lines() -> Iterator[str]:
        yield "\N{ZERO WIDTH NO-BREAK SPACE}" + writer.writerow([str(name) for name in headers])
        for row in rows:
            yield writer.writerow([_csv_cell(value) for value in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}"},
    )


def attached(content: bytes, filename: str, content_type: str) -> HttpResponse:
    """Answer a small file to take away."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}"}
    return HttpResponse(content, content_type=content_type, headers=headers)


class Stored(Protocol):
    """A file whose bytes lie in the storage."""

    name: Any
    content_type: Any
    storage_name: Any


def stored_file(file: Stored) -> FileResponse:
    """Answer a file of the storage, piece by piece; a browser saves it and never shows it."""
    return FileResponse(
        default_storage.open(file.storage_name),
        as_attachment=True,
        filename=file.name,
        content_type=file.content_type,
    )


class _Echo:
    """A file whose write gives the line back."""

    def write(self, line: str) -> str:
        return line


class _Sheets:
    """Sheets of one workbook, a new one when the last is full."""

    def __init__(self, book: Any, headers: Sequence[str]) -> None:
        self.book = book
        self.headers = headers
        self.bold = book.add_format({"bold": True})
        self.formats = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            Decimal: book.add_format({"num_format": "#,##0.00"}),
        }

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write all rows."""
        sheet = self._next()
        line = 0
        for row in rows:
            if line == MAX_ROWS:
                sheet, line = self._next(), 0
            line += 1
            for column, value in enumerate(row):
                self._cell(sheet, line, column, value)

    def _next(self) -> Any:
        sheet = self.book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(self.headers) - 1), 18)
        sheet.write_row(0, 0, self.headers, self.bold)
        return sheet

    def _cell(self, sheet: Any, line: int, column: int, value: Any) -> None:
        if isinstance(value, datetime):
            value = value.astimezone(VILNIUS).replace(tzinfo=None)
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            sheet.write_number(line, column, value, self.formats.get(type(value)))
        elif isinstance(value, date):
            sheet.write_datetime(line, column, value, self.formats[type(value)])
        elif value is not None and value != "":
            sheet.write_string(line, column, str(value))


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(VILNIUS):%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    text = str(value)
    is_number = isinstance(value, int)
    return f"'{text}" if text.startswith(_DANGEROUS) and not is_number else text
