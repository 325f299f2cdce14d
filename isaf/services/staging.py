"""Parts before a register shows them: made for one attempt, filled, kept or thrown away."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.db import connection, transaction
from psycopg2 import sql
from psycopg2.extensions import make_dsn

from imas.kernel import clock
from imas.kernel.periods import Period
from intake.types import Job
from isaf.judging.sink import ChunkRows
from isaf.models import Part
from isaf.partitions import ROW_TABLES, ensure_partitions
from isaf.storing import StoreAddress, copy_chunks, vat_codes_of
from isaf.types import Header, RegisterType

_CONNECTING = ("dbname", "user", "password", "host", "port", "options", "sslmode", "sslrootcert")


def open_parts(job: Job, header: Header, period: Period) -> Mapping[RegisterType, int]:
    """Make an empty part for each register of the file and return their ids.

    What an earlier attempt at the same document left behind is thrown away first.
    """
    left_behind = Part.objects.filter(document_id=job.document_id, kept_at=None)
    discard_parts(left_behind.values_list("pk", flat=True))
    ensure_partitions(period.start)
    parts = [
        Part(
            taxpayer_id=job.taxpayer_id,
            type=type_,
            start=period.start,
            end=period.end,
            part_number=header.part_number,
            source=job.source,
            document_id=job.document_id,
        )
        for type_ in RegisterType
    ]
    Part.objects.bulk_create(parts)
    return {RegisterType(part.type): part.id for part in parts}


def store_address(part_ids: Sequence[int], period: Period) -> StoreAddress:
    """Return what a worker process needs in order to fill these parts."""
    params = connection.get_connection_params()
    dsn = make_dsn(**{name: params[name] for name in _CONNECTING if params.get(name)})
    return StoreAddress(dsn, tuple(part_ids), period.end)


class SharedSink:
    """Writes chunks over the connection of this thread: for a file that is judged in it.

    A connection of its own, as a worker process has, would be a server process more for each file.
    Its commits do not wait for the disk either, see `isaf.storing.PartSink`.
    """

    def __init__(self, part_ids: Sequence[int], period_end: date) -> None:
        self._part_ids = part_ids
        self._period_end = period_end

    def vat_codes_of(self, codes: Collection[str], /) -> Mapping[str, str]:
        """Return the VAT codes that these taxpayer codes had on the last day of the period."""
        with connection.cursor() as cursor:
            return vat_codes_of(cursor.cursor, codes, self._period_end)

    def write(self, chunks: Sequence[ChunkRows], /) -> None:
        """Copy some chunks and commit them; PartGoneError when this attempt has been given up."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
            copy_chunks(cursor.cursor, self._part_ids, chunks)

    def close(self) -> None:
        """The connection stays with its thread."""


def discard_parts(part_ids: Iterable[int]) -> None:
    """Throw away those of the parts that were not kept, with their rows. Safe to repeat."""
    for part_id in part_ids:
        _discard(part_id)


def sweep_parts(limit: int = 200) -> None:
    """Throw away what nobody will show: parts of lost attempts, rows of replaced parts."""
    for part in Part.objects.abandoned()[:limit]:
        if part.kept_at is None:
            _discard(part.pk)
        else:
            _empty(part.pk)


@transaction.atomic
def _discard(part_id: int) -> None:
    part = Part.objects.select_for_update().filter(pk=part_id, kept_at=None).first()
    if part is not None:
        _delete_rows(part)
        part.delete()


@transaction.atomic
def _empty(part_id: int) -> None:
    part = Part.objects.select_for_update().get(pk=part_id)
    if not part.shown.exists():
        _delete_rows(part)
        part.emptied_at = clock.now()
        part.save(update_fields=["emptied_at"])


def _delete_rows(part: Part) -> None:
    with connection.cursor() as cursor:
        for table in ROW_TABLES:
            statement = sql.SQL("DELETE FROM {} WHERE period_start = %s AND part_id = %s")
            cursor.execute(statement.format(sql.Identifier(table)), [part.start, part.pk])
