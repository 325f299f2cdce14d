"""Rows read by COPY in binary form: bytes come as they are stored, not as text twice as long."""

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection

_HEADER = 11 + 4 + 4
"""A signature, flags and the length of an extension that no version has yet."""
_COUNT, _LENGTH = struct.Struct(">h"), struct.Struct(">i")
_END = -1

Row = Sequence[bytes | None]


def copy_out(statement: str, params: Mapping[str, Any], take: Callable[[Row], None]) -> None:
    """Hand each row of a `COPY … TO STDOUT (FORMAT binary)` to `take`, its values as bytes.

    Memory: one row. Raises what the database raises.
    """
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(cursor.mogrify(statement, params), BinaryRows(take))


class BinaryRows:
    """What psycopg2 writes to, cut into rows; the server may cut elsewhere."""

    def __init__(self, take: Callable[[Row], None]) -> None:
        self._take = take
        self._left = b""
        self._begun = False

    def write(self, some: bytes) -> int:
        """Take rows as far as they are whole."""
        told, at = self._left + some, 0
        if not self._begun:
            if len(told) < _HEADER:
                self._left = told
                return len(some)
            at, self._begun = _HEADER, True
        while (row := _row(told, at)) is not None:
            values, at = row
            self._take(values)
        self._left = told[at:]
        return len(some)


def _row(told: bytes, at: int) -> tuple[Row, int] | None:
    """Return the row that begins here and where it ends, None where it is not whole."""
    if len(told) < at + _COUNT.size or (count := _COUNT.unpack_from(told, at)[0]) == _END:
        return None
    at += _COUNT.size
    values: list[bytes | None] = []
    for _ in range(count):
        if len(told) < at + _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(told, at)
        at += _LENGTH.size
        if length < 0:
            values.append(None)
            continue
        if len(told) < at + length:
            return None
        values.append(told[at : at + length])
        at += length
    return values, at
