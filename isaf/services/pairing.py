"""Keeping the live pairs true to the registers that count."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg2.extras import execute_values

from imas.kernel.periods import Period
from isaf import crosscheck_terms
from isaf.facts import BUCKET_SHIFT
from isaf.likeness import Candidate, possible_matches
from isaf.matching import LONGEST_PERIOD_MONTHS, REVERSE_CHARGE
from isaf.partitions import ensure_partitions
from isaf.sql import alike as alike_sql
from isaf.sql import crosscheck as sql
from isaf.sql import past as past_sql
from isaf.sql import survey as survey_sql
from representation.models import VatRegistration

_JOINED_AT_ONCE = 5_000

EVERYTHING = {"everything": True, "bucket_shift": BUCKET_SHIFT, "buckets": [], "keys": []}
"""What the statements ask where no key of a range is beyond doubt."""

NO_RANGE = {"least": 1, "greatest": 0, **EVERYTHING}
"""What the statements ask where the keys are gathered one by one."""


def refresh_pairs(taxpayer_id: int, period: Period) -> int:
    """Judge anew every deal of the taxpayer in the period; return how many pairs were written.

    Safe to call any number of times and from several workers at once: those whose taxpayers
    trade with each other take turns.
    """
    params = parameters(period) | own_parameters(taxpayer_id)
    with transaction.atomic(), connection.cursor() as cursor:
        _take_turn(cursor, params)
        cursor.execute(survey_sql.PACK_OWN, params)
        cursor.execute(sql.TABLES)
        cursor.execute(past_sql.TABLE)
        cursor.execute(sql.KEYS, params)
        follow_near(cursor)
        cursor.execute("ANALYZE pair_key")
        cursor.execute(sql.ENTRIES_OF_KEYS, params)
        cursor.execute(sql.ENTRIES_WITHOUT_KEY, params)
        cursor.execute("ANALYZE pair_entry")
        months = pair_entries(cursor, params)
        written = replace_pairs(cursor, params)
        cursor.execute(alike_sql.CANDIDATES, {"months": months})
        join_alike(cursor)
        cursor.execute(past_sql.RECORD, {"began": None})
    return written


def parameters(period: Period) -> dict[str, Any]:
    """Return what the statements ask about the months of a period and the terms of comparison."""
    lo = period.start.replace(day=1)
    return {
        "lo": lo,
        "hi": period.end.replace(day=1),
        "until": period.end,
        "earliest": _months_before(lo, LONGEST_PERIOD_MONTHS - 1),
        "reverse": sorted(REVERSE_CHARGE),
        **crosscheck_terms.comparing(),
    }


def pair_entries(
    cursor: CursorWrapper, params: Mapping[str, Any], here: str = sql.PAIR_HERE
) -> list[date]:
    """Turn the entries gathered into deals; return the months in which there are any.

    `here` is the statement that pairs those of the months looked at.
    """
    cursor.execute(here, params)
    cursor.execute(sql.WIDEN, params)
    cursor.execute(sql.ANY_WIDE)
    ((any_wide,),) = cursor.fetchall()
    if any_wide:
        cursor.execute("ANALYZE pair_key")
        follow_near(cursor)
        if _changed(cursor, sql.ENTRIES_ELSEWHERE, params):
            cursor.execute(sql.PAIR_ELSEWHERE, params)
        cursor.execute("ANALYZE pair_deal")
        cursor.execute(sql.PAIR_ACROSS, params)
    cursor.execute(sql.MONTHS_DEALT)
    months = [month for (month,) in cursor.fetchall()]
    for month in months:
        ensure_partitions(month, ("isaf_pair",))
    return months


def replace_pairs(cursor: CursorWrapper, params: Mapping[str, Any]) -> int:
    """Put the deals, judged, in place of the earlier pairs; return their number."""
    cursor.execute(sql.FORGET_HERE, params)
    cursor.execute(sql.FORGET_ELSEWHERE)
    cursor.execute("ANALYZE pair_was")
    return _changed(cursor, sql.KEEP, params)


def follow_near(cursor: CursorWrapper) -> None:
    """Add the keys that possible matches bind to those gathered."""
    while _changed(cursor, sql.NEAR_KEYS):
        pass


def own_parameters(taxpayer_id: int) -> dict[str, Any]:
    """Return what the statements ask about one taxpayer."""
    codes = VatRegistration.objects.filter(taxpayer_id=taxpayer_id)
    return {
        "taxpayer": taxpayer_id,
        "vat_codes": list(codes.values_list("vat_code", flat=True)),
        **NO_RANGE,
    }


def _take_turn(cursor: CursorWrapper, params: Mapping[str, Any]) -> None:
    cursor.execute(sql.NOT_WHILE_EVERYBODY)
    cursor.execute(sql.PARTIES, params)
    buckets = [bucket for (bucket,) in cursor.fetchall()]
    cursor.execute(sql.LOCK, {"buckets": buckets})


def _changed(cursor: CursorWrapper, statement: str, params: Mapping[str, Any] | None = None) -> int:
    cursor.execute(statement, params)
    return int(cursor.rowcount)


def join_alike(cursor: CursorWrapper) -> None:
    """Join the candidates just declared whose numbers are alike, some thousands at a time."""
    chosen = _chosen(cursor)
    while some := list(islice(chosen, _JOINED_AT_ONCE)):
        execute_values(cursor, alike_sql.JOIN_ALIKE, some, page_size=len(some))
    cursor.execute(alike_sql.CLOSE)


def _chosen(cursor: CursorWrapper) -> Iterator[tuple[Any, ...]]:
    """Yield the chosen of each parties, day and amount: no other candidate is a rival of theirs."""
    for (month, *_rest), rivals in groupby(_declared(cursor), itemgetter(slice(5))):
        slots: dict[tuple[int, int], int] = {}
        candidates = [
            Candidate(
                slots.setdefault((s_key, s_nth), len(slots)),
                slots.setdefault((p_key, p_nth), len(slots)),
                s_number,
                p_number,
            )
            for *_, s_key, s_nth, p_key, p_nth, s_number, p_number in rivals
        ]
        keys = list(slots)
        for one, reason in possible_matches(candidates):
            yield (month, *keys[one.sale], *keys[one.purchase], str(reason))


def _declared(cursor: CursorWrapper) -> Iterator[tuple[Any, ...]]:
    while True:
        cursor.execute(alike_sql.FETCH)
        if not (rows := cursor.fetchall()):
            return
        yield from rows


def _months_before(day: date, months: int) -> date:
    for _ in range(months):
        day = (day - timedelta(days=1)).replace(day=1)
    return day
