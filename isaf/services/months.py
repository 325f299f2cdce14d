"""Making sure of every deal of a month: by ranges of the key, several at once, and a last piece.

Pairs are kept true continuously; this is for when what is compared changed (`crosscheck_terms`),
and each night for what a refresh may have missed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from imas.kernel import clock
from imas.kernel.periods import Period
from isaf.facts import LANES
from isaf.models import MonthPiece
from isaf.partitions import count_anew, ensure_partitions
from isaf.services import pairing
from isaf.sql import alike as alike_sql
from isaf.sql import crosscheck as sql
from isaf.sql import months as months_sql
from isaf.sql import past as past_sql
from isaf.sql import survey as survey_sql

if TYPE_CHECKING:
    from isaf.services.surveying import Doubtful

RANGES = (1, 2, 4, 8, 16)
"""Into how many ranges the keys may be cut. Each reads the month once: the fewer, the less."""

_REMEMBERED = timedelta(days=30)

_EVERY_KEY = {"least": -(2**63), "greatest": 2**63 - 1}


@dataclass(frozen=True)
class Judged:
    """How many pairs had to be written, and in which months there are deals."""

    written: int
    months: Sequence[date]


@transaction.atomic
def order_month(period: Period, ranges: int, *, anew: bool = False) -> list[MonthPiece]:
    """Ask for a month to be made sure of in so many ranges; return the pieces, the last one last.

    With `anew` every deal is judged, else those in doubt. ValueError for a number not of RANGES.
    """
    if ranges not in RANGES:
        raise ValueError(f"{ranges} is none of {RANGES}")
    order = uuid4()
    return MonthPiece.objects.bulk_create(
        MonthPiece(
            order=order, start=period.start, end=period.end, ranges=ranges, nth=nth, anew=anew
        )
        for nth in (*range(ranges), None)
    )


def forget_done() -> None:
    """Throw away pieces done long ago: they were the queue, and tell nothing more."""
    MonthPiece.objects.filter(done_at__lt=clock.now() - _REMEMBERED).delete()


def refresh_month_piece(piece_id: int) -> UUID | None:
    """Do a piece that is due; return its order. None when it was not due or is done already.

    Safe to call any number of times and from several workers at once.
    """
    if not MonthPiece.objects.claim(piece_id):
        return None
    piece = MonthPiece.objects.get(pk=piece_id)
    ensure_partitions(piece.start, ("isaf_pair",))
    # Of one piece: were pairs judged and the piece lost, a survey would find nothing in doubt when
    # it is done again, and the last piece would not look for possible matches.
    with transaction.atomic():
        judged = _judge(piece)
        piece.written, piece.months, piece.done_at = judged.written, [*judged.months], clock.now()
        piece.save(update_fields=["written", "months", "done_at"])
    return piece.order


def _judge(piece: MonthPiece) -> Judged:
    if piece.nth is not None:
        return judge_range(piece.period, piece.nth, piece.ranges, anew=piece.anew)
    months = {month for one in MonthPiece.objects.of_order(piece.order) for month in one.months}
    if not months:
        return Judged(0, [])
    return judge_bound(piece.period, sorted(months), piece.requested_at)


def judge_range(period: Period, nth: int, ranges: int, *, anew: bool = False) -> Judged:
    """Judge anew the deals of one range of the keys, of everybody, in one transaction.

    Those that a survey of the packed facts has no doubt of are not judged, unless `anew` or facts
    are missing, which are packed then. Pairs that are as judged are not written; keys that a
    possible match binds are left to `judge_bound`.
    """
    params = range_parameters(period, nth, ranges)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(months_sql.LOCK, params)
        cursor.execute(months_sql.BY_ONE_PROCESS)
        doubt = None if anew else _doubt(period, params)
        if doubt is None:
            cursor.execute(survey_sql.PACK_SHARE, params)
        elif doubt.buckets or doubt.keys:
            params |= {"everything": False, "buckets": doubt.buckets, "keys": doubt.keys}
        else:
            return Judged(0, [])
        return _judge_doubtful(cursor, params)


def range_parameters(period: Period, nth: int, ranges: int) -> dict[str, Any]:
    """Return what the statements ask about a range of the keys, all of which are to be judged."""
    width, lanes = 2**64 // ranges, LANES // ranges
    least = -(2**63) + nth * width
    params = pairing.parameters(period) | pairing.EVERYTHING
    params |= {"least": least, "greatest": least + width - 1, "nth": nth, "ranges": ranges}
    return params | {"first_lane": nth * lanes, "last_lane": (nth + 1) * lanes - 1}


def _doubt(period: Period, params: Mapping[str, Any]) -> "Doubtful | None":
    # Its library takes sixteen megabytes, which no other work of a process needs.
    from isaf.services.surveying import doubtful  # noqa: PLC0415

    return doubtful(period, params)


def _judge_doubtful(cursor: CursorWrapper, params: Mapping[str, Any]) -> Judged:
    cursor.execute(sql.TABLES)
    cursor.execute(past_sql.TABLE)
    cursor.execute(months_sql.BOUND, params)
    cursor.execute("ANALYZE pair_bound")
    cursor.execute(months_sql.ENTRIES_OF_RANGE, params)
    cursor.execute(months_sql.LONGER_ENTRIES_OF_RANGE, params)
    cursor.execute(months_sql.LEAVE_BOUND)
    cursor.execute("ANALYZE pair_entry")
    cursor.execute(months_sql.PLAIN, params)
    months = pairing.pair_entries(cursor, params, months_sql.PAIR_REST)
    cursor.execute(months_sql.JUDGED, params)
    cursor.execute(months_sql.FORGET_RANGE)
    cursor.execute(months_sql.FORGET_ELSEWHERE, params)
    cursor.execute("ANALYZE pair_was")
    cursor.execute(months_sql.KEEP)
    written = int(cursor.rowcount)
    cursor.execute(past_sql.RECORD, {"began": None})
    cursor.execute(months_sql.ANY_TOUCHED, params)
    ((any_touched,),) = cursor.fetchall()
    return Judged(written, months if any_touched else [])


def judge_bound(period: Period, months: Sequence[date], began: datetime) -> Judged:
    """Judge anew the deals that possible matches bind, and look for possible matches anew.

    `months` are those the ranges found deals in, `began` when they began: what a pair was since
    then nobody has seen, and it leaves no past. Refreshes of single taxpayers wait meanwhile.
    """
    params = pairing.parameters(period) | pairing.NO_RANGE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(months_sql.LOCK, {"first_lane": 0, "last_lane": LANES - 1})
        cursor.execute(sql.TABLES)
        cursor.execute(past_sql.TABLE)
        cursor.execute(months_sql.BOUND, _EVERY_KEY)
        cursor.execute("ANALYZE pair_bound")
        cursor.execute(months_sql.BOUND_HERE, params)
        cursor.execute("TRUNCATE pair_bound")  # What is in it is left for later, and this is it.
        pairing.follow_near(cursor)
        cursor.execute("ANALYZE pair_key")
        cursor.execute(sql.ENTRIES_OF_KEYS, params)
        cursor.execute("ANALYZE pair_entry")
        touched = sorted({*months, *pairing.pair_entries(cursor, params)})
        written = pairing.replace_pairs(cursor, params)
        cursor.execute(alike_sql.CANDIDATES_OF_MONTHS, {"months": touched})
        pairing.join_alike(cursor)
        cursor.execute(past_sql.RECORD, {"began": began})
    for month in touched:
        count_anew("isaf_pair", month)
    return Judged(written, touched)
