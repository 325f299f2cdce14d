"""Rows come as they are stored, one at a time."""

import struct

import pytest
from django.db import DatabaseError

from imas.web.copying_out import copy_out

pytestmark = pytest.mark.django_db

LONG = 3_000_000
ROWS = """
COPY (
    SELECT n, CASE WHEN n %% 3 = 0 THEN NULL ELSE convert_to(repeat('ą', n::integer), 'UTF8') END
    FROM generate_series(1::bigint, %(most)s) n
    UNION ALL SELECT 0, convert_to(repeat('x', %(long)s), 'UTF8')
) TO STDOUT (FORMAT binary)
"""


def row(number: int, text: bytes | None) -> bytes:
    length = -1 if text is None else len(text)
    return struct.pack(">hiqi", 2, 8, number, length) + (text or b"")


def test_rows_of_the_database() -> None:
    rows: list[bytes] = []
    copy_out(ROWS, {"most": 4, "long": LONG}, rows.append)
    a = "ą".encode()
    told = [row(1, a), row(2, a * 2), row(3, None), row(4, a * 4), row(0, b"x" * LONG)]
    assert rows == told


def test_no_rows() -> None:
    rows: list[bytes] = []
    copy_out("COPY (SELECT 1 WHERE false) TO STDOUT (FORMAT binary)", {}, rows.append)
    assert rows == []


def test_what_the_database_refuses() -> None:
    with pytest.raises(DatabaseError):
        copy_out("COPY (SELECT 1 / 0) TO STDOUT (FORMAT binary)", {}, lambda _row: None)
