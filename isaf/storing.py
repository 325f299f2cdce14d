"""Rows of a file on their way into the database, some chunks at a time, from several processes.

Rows are copied under the ids of parts no register shows yet: that is the staging. What is copied at
a time is one transaction that first makes sure its parts still stand unkept, so that a worker
believed dead can never add a row to a part that was discarded or shown in the meantime. Knows
PostgreSQL only, no Django: worker processes start light.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BufferedIOBase, BytesIO
from typing import Self

import psycopg2
from psycopg2 import extensions

from isaf.judging.sink import (
    INVOICE_COLUMNS,
    SETTLED_INVOICE_COLUMNS,
    SETTLEMENT_COLUMNS,
    TAX_ROW_COLUMNS,
    ChunkRows,
)


class PartGoneError(Exception):
    """The parts of this attempt were discarded or kept meanwhile by another one."""


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where a worker process finds the database and which parts it fills; picklable."""

    dsn: str
    part_ids: tuple[int, ...]
    period_end: date

    def open(self) -> "PartSink":
        """Connect; one connection per worker process."""
        return PartSink(self)


def _copy(table: str, columns: Sequence[str]) -> str:
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN"


_INVOICES = _copy("isaf_invoice", INVOICE_COLUMNS)
_TAX_ROWS = _copy("isaf_tax_row", TAX_ROW_COLUMNS)
_SETTLEMENTS = _copy("isaf_settlement", SETTLEMENT_COLUMNS)
_SETTLED = _copy("isaf_settled_invoice", SETTLED_INVOICE_COLUMNS)

_STAND = "SELECT id FROM isaf_part WHERE id = ANY(%s) AND kept_at IS NULL FOR KEY SHARE"

_VAT_CODES = """
SELECT t.code, v.vat_code
  FROM representation_taxpayer AS t
  JOIN representation_vatregistration AS v ON v.taxpayer_id = t.id
 WHERE t.code = ANY(%s) AND v.valid_from <= %s AND (v.valid_to IS NULL OR v.valid_to >= %s)
"""


_BUFFER = 2**17
"""Bytes handed to the server at a time; the library's own 8 KB are many more calls."""


def vat_codes_of(cursor: extensions.cursor, codes: Collection[str], day: date) -> Mapping[str, str]:
    """Return the VAT codes that these taxpayer codes had on a day."""
    cursor.execute(_VAT_CODES, (list(codes), day, day))
    return dict(cursor.fetchall())


def copy_chunks(
    cursor: extensions.cursor, part_ids: Sequence[int], chunks: Sequence[ChunkRows]
) -> None:
    """Copy chunks in the present transaction; PartGoneError when this attempt is given up."""
    cursor.execute(_STAND, (list(part_ids),))
    if cursor.rowcount != len(part_ids):
        raise PartGoneError
    for statement, lines in (
        (_INVOICES, [rows.invoices for rows in chunks]),
        (_TAX_ROWS, [rows.tax_rows for rows in chunks]),
        (_SETTLEMENTS, [rows.settlements for rows in chunks]),
        (_SETTLED, [rows.settled_invoices for rows in chunks]),
    ):
        if any(lines):
            cursor.copy_expert(statement, _Lines(lines), _BUFFER)


class _Lines(BufferedIOBase):
    """Lines of several chunks as the file that psycopg2 reads, without putting them together."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._left = [BytesIO(some) for some in reversed(lines)]

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to so many bytes, none at the end."""
        while self._left:
            if some := self._left[-1].read(size):
                return some
            self._left.pop()
        return b""


class PartSink:
    """Writes chunks into the row tables over its own connection and commits each.

    These commits do not wait for the disk, which is sound: the write-ahead log is flushed in its
    order, so the waiting commit that shows the part (`services.keeping.keep`) makes them last too.
    A server that falls before it forgets rows nobody was promised.
    """

    def __init__(self, address: StoreAddress) -> None:
        self._address = address
        self._connection: extensions.connection = psycopg2.connect(address.dsn)
        with self._connection, self._connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def vat_codes_of(self, codes: Collection[str], /) -> Mapping[str, str]:
        """Return the VAT codes that these taxpayer codes had on the last day of the period."""
        with self._connection, self._connection.cursor() as cursor:
            return vat_codes_of(cursor, codes, self._address.period_end)

    def write(self, chunks: Sequence[ChunkRows], /) -> None:
        """Copy chunks and commit them; PartGoneError when this attempt has been given up."""
        with self._connection, self._connection.cursor() as cursor:
            copy_chunks(cursor, self._address.part_ids, chunks)

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()
