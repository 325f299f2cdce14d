"""Tables to take away."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from imas.web import exports

HEADERS = ["Numeris", "Data", "Suma"]
ROWS: list[tuple[Any, ...]] = [
    ("=2+2", date(2026, 10, 31), Decimal("1234.50")),
    ("Žąsis; „A“", datetime(2026, 10, 31, 22, 30, tzinfo=UTC), None),
    ("-7", 7, Decimal("-1.00")),
]


def _sheets(response: Any) -> list[list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    response.close()
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


@pytest.mark.django_db
def test_a_workbook_holds_the_values_and_no_formula() -> None:
    (rows,) = _sheets(exports.xlsx_response("Žiniaraštis.xlsx", HEADERS, ROWS))
    assert rows == [
        ("Numeris", "Data", "Suma"),
        ("=2+2", datetime(2026, 10, 31), 1234.5),
        ("Žąsis; „A“", datetime(2026, 11, 1, 0, 30), None),
        ("-7", 7, -1),
    ]


@pytest.mark.django_db
def test_rows_past_the_end_of_a_sheet_go_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MAX_ROWS", 2)
    sheets = _sheets(exports.xlsx_response("a.xlsx", HEADERS, ROWS))
    assert [len(rows) for rows in sheets] == [3, 2]


def test_csv_opens_in_excel_and_runs_nothing() -> None:
    response = exports.csv_response("Žiniaraštis.csv", HEADERS, ROWS)
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    assert text.split("\r\n") == [
        "Numeris;Data;Suma",
        "'=2+2;2026-10-31;1234,50",
        '"Žąsis; „A“";2026-11-01 00:30;',
        "'-7;7;-1,00",
        "",
    ]


def test_csv_is_made_while_it_is_read() -> None:
    def endless() -> Iterator[tuple[int]]:
        number = 0
        while True:
            yield (number,)
            number += 1

    content = iter(exports.csv_response("a.csv", ["N"], endless()))
    assert [next(content) for _ in range(3)][-1] == b"1\r\n"
