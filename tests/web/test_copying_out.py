"""Rows come as they are stored, wherever the server cuts what it sends."""

import random
import struct

import pytest
from django.db import DatabaseError

from imas.web.copying_out import BinaryRows, Row, copy_out

pytestmark = pytest.mark.django_db

LONG = 3_000_000
ROWS = """
COPY (
    SELECT n, CASE WHEN n %% 3 = 0 THEN NULL ELSE repeat('ą', n::integer)::bytea END
    FROM generate_series(1::bigint, %(most)s) n
    UNION ALL SELECT 0, convert_to(repeat('x', %(long)s), 'UTF8')
) TO STDOUT (FORMAT binary)
"""


def test_rows_of_the_database() -> None:
    rows: list[Row] = []
    copy_out(ROWS, {"most": 7, "long": LONG}, rows.append)
    numbers = [int.from_bytes(number or b"") for number, _ in rows]
    assert numbers == [1, 2, 3, 4, 5, 6, 7, 0]
    assert [text for _, text in rows[:3]] == ["ą".encode(), "ąą".encode(), None]
    assert rows[-1][1] == b"x" * LONG


def test_no_rows() -> None:
    rows: list[Row] = []
    copy_out("COPY (SELECT 1 WHERE false) TO STDOUT (FORMAT binary)", {}, rows.append)
    assert rows == []


def test_what_the_database_refuses() -> None:
    with pytest.raises(DatabaseError):
        copy_out("COPY (SELECT 1 / 0) TO STDOUT (FORMAT binary)", {}, lambda _row: None)


@pytest.mark.parametrize("seed", range(5))
def test_cut_anywhere(seed: int) -> None:
    values: list[Row] = [[b"", None, b"abc"], [b"\xff\xff", b"d" * 300, None], [None, None, None]]
    sent = b"PGCOPY\n\xff\r\n\0" + bytes(8)
    for row in values:
        sent += struct.pack(">h", len(row))
        for value in row:
            length = -1 if value is None else len(value)
            sent += struct.pack(">i", length) + (value or b"")
    sent += struct.pack(">h", -1)
    chance = random.Random(seed)  # noqa: S311 - reproducible
    rows: list[Row] = []
    taken, at = BinaryRows(rows.append), 0
    while at < len(sent):
        size = chance.randint(1, 1 + 40 * seed)
        taken.write(sent[at : at + size])
        at += size
    assert rows == values
