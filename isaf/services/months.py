"""Judging every deal of a month anew: by ranges of the key, several at once, and a last piece.

Pairs are kept true continuously; this is for when what is compared changed (`crosscheck_terms`),
or when they are to be made sure of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from imas.kernel import clock
from imas.kernel.periods import Period
from isaf.models import MonthPiece
from isaf.partitions import count_anew, ensure_partitions
from isaf.services import pairing
from isaf.sql import alike as alike_sql
from isaf.sql import crosscheck as sql
from isaf.sql import months as months_sql
from isaf.sql import past as past_sql

RANGES = (1, 2, 4, 8, 16)
"""Into how many ranges the keys may be cut. Each reads the month once: the fewer, the less."""

_EVERY_KEY = {"least": -(2**63), "greatest": 2**63 - 1}


@dataclass(frozen=True)
class Judged:
    """How many pairs had to be written, and in which months there are deals."""

    written: int
    months: Sequence[date]


@transaction.atomic
def order_month(period: Period, ranges: int) -> list[MonthPiece]:
    """Ask for a month to be judged anew in so many ranges; return the pieces, the last one last.

    ValueError for a number that is not of RANGES.
    """
    if ranges not in RANGES:
        raise ValueError(f"{ranges} is none of {RANGES}")
    order = uuid4()
    return MonthPiece.objects.bulk_create(
        MonthPiece(order=order, start=period.start, end=period.end, ranges=ranges, nth=nth)
        for nth in (*range(ranges), None)
    )


def refresh_month_piece(piece_id: int) -> UUID | None:
    """Do a piece that is due; return its order. None when it was not due or is done already.

    Safe to call any number of times and from several workers at once.
    """
    if not MonthPiece.objects.claim(piece_id):
        return None
    piece = MonthPiece.objects.get(pk=piece_id)
    if piece.nth is None:
        months = {month for one in MonthPiece.objects.of_order(piece.order) for month in one.months}
        judged = judge_bound(piece.period, sorted(months), piece.requested_at)
    else:
        judged = judge_range(piece.period, piece.nth, piece.ranges)
    piece.written, piece.months, piece.done_at = judged.written, list(judged.months), clock.now()
    piece.save(update_fields=["written", "months", "done_at"])
    return piece.order


def judge_range(period: Period, nth: int, ranges: int) -> Judged:
    """Judge anew the deals of one range of the keys, of everybody, in one transaction.

    Costs reading the month once. Pairs that are as judged are not written; keys that a possible
    match binds are left to `judge_bound`.
    """
    width, lanes = 2**64 // ranges, sql.LANES // ranges
    least = -(2**63) + nth * width
    params = pairing.parameters(period) | {"least": least, "greatest": least + width - 1}
    ensure_partitions(period.start, ("isaf_pair",))
    with transaction.atomic(), connection.cursor() as cursor:
        lock = {"first_lane": nth * lanes, "last_lane": (nth + 1) * lanes - 1}
        cursor.execute(months_sql.LOCK, lock)
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
    return Judged(written, months)


def judge_bound(period: Period, months: Sequence[date], began: datetime) -> Judged:
    """Judge anew the deals that possible matches bind, and look for possible matches anew.

    `months` are those the ranges found deals in, `began` when they began: what a pair was since
    then nobody has seen, and it leaves no past. Refreshes of single taxpayers wait meanwhile.
    """
    params = pairing.parameters(period) | pairing.NO_RANGE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(months_sql.LOCK, {"first_lane": 0, "last_lane": sql.LANES - 1})
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
