"""Rows read by COPY in binary form: bytes come as they are stored, not as text twice as long."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection

_HEADER = 11 + 4 + 4
"""A signature, flags and the length of an extension that no version has."""
_TRAILER = b"\xff\xff"


def copy_out(statement: str, params: Mapping[str, Any], take: Callable[[bytes], object]) -> None:
    """Hand each row of a `COPY … TO STDOUT (FORMAT binary)` to `take`, as the server sends it.

    That is the number of columns in two bytes, then of each its length in four (-1 for NULL) and
    its value. Memory: one row. Raises what the database raises.
    """
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(cursor.mogrify(statement, params), _Rows(take))


class _Rows:
    """What psycopg2 writes to: the protocol has the server send one row at a time."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take
        self._begun = False

    def write(self, row: bytes) -> None:
        """Hand a row on, without what stands before the first and after the last."""
        if not self._begun:
            self._begun, row = True, row[_HEADER:]
        if row and row != _TRAILER:
            self._take(row)
