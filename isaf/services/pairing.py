"""Keeping the live pairs true to the registers that count."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg2.extras import execute_values

from imas.kernel.periods import Period
from isaf import crosscheck_terms
from isaf.likeness import Candidate, possible_matches
from isaf.matching import LONGEST_PERIOD_MONTHS, REVERSE_CHARGE
from isaf.partitions import ensure_partitions
from isaf.sql import alike as alike_sql
from isaf.sql import crosscheck as sql
from isaf.sql import past as past_sql
from representation.models import VatRegistration


def refresh_pairs(taxpayer_id: int, period: Period) -> int:
    """Judge anew every deal of the taxpayer in the period; return how many pairs were written.

    Safe to call any number of times and from several workers at once: those whose taxpayers
    trade with each other take turns.
    """
    params = parameters(period) | own_parameters(taxpayer_id)
    with transaction.atomic(), connection.cursor() as cursor:
        _take_turn(cursor, params)
        cursor.execute(sql.TABLES)
        cursor.execute(past_sql.TABLE)
        cursor.execute(sql.KEYS, params)
        while _changed(cursor, sql.NEAR_KEYS):
            pass
        cursor.execute("ANALYZE pair_key")
        cursor.execute(sql.ENTRIES_OF_KEYS, params)
        cursor.execute(sql.ENTRIES_WITHOUT_KEY, params)
        written = pair_entries(cursor, params, sql.FORGET_HERE)
        months = _months_dealt(cursor)
        cursor.execute(alike_sql.CANDIDATES, {"months": months})
        _join_alike(cursor)
        cursor.execute(past_sql.RECORD, {"began": None})
    return written


def refresh_everybody(period: Period, ranges: int = 2) -> int:
    """Judge anew every deal of every taxpayer in the months of a period; return their number.

    Works through ranges of the match key, one transaction each, so that a part that failed can be
    repeated alone; refreshes of single taxpayers wait for the range that is running. What pairs
    were is recorded at the end: of a run that breaks off, what changed so far leaves no past.
    """
    ensure_partitions(period.start, ("isaf_pair",))
    terms = parameters(period)
    written, months = 0, set[date]()
    with connection.cursor() as cursor:
        cursor.execute(past_sql.LASTING_TABLE)
        ((began,),) = cursor.fetchall()
    for least in range(-(2**63), 2**63, 2**64 // ranges):
        keys = {"least": least, "greatest": least + 2**64 // ranges - 1}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.EVERYBODY)
            cursor.execute(sql.TABLES)
            cursor.execute(sql.ENTRIES_OF_RANGE, terms | keys)
            cursor.execute(sql.LONGER_ENTRIES_OF_RANGE, terms | keys)
            written += pair_entries(cursor, terms | keys, sql.FORGET_RANGE)
            months.update(_months_dealt(cursor))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.EVERYBODY)
        cursor.execute(alike_sql.CANDIDATES_OF_MONTHS, {"months": sorted(months)})
        _join_alike(cursor)
        cursor.execute(past_sql.RECORD, {"began": began})
        cursor.execute(past_sql.NO_TABLE)
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


def pair_entries(cursor: CursorWrapper, params: Mapping[str, Any], forget: str) -> int:
    """Turn the entries gathered into pairs in place of the earlier ones; return their number."""
    cursor.execute("ANALYZE pair_entry")
    cursor.execute(sql.PAIR_HERE, params)
    if _changed(cursor, sql.WIDEN, params):
        cursor.execute("ANALYZE pair_key")
        while _changed(cursor, sql.NEAR_KEYS):
            pass
        if _changed(cursor, sql.ENTRIES_ELSEWHERE, params):
            cursor.execute(sql.PAIR_ELSEWHERE, params)
        cursor.execute("ANALYZE pair_deal")
        cursor.execute(sql.PAIR_ACROSS, params)
    for month in _months_dealt(cursor):
        ensure_partitions(month, ("isaf_pair",))
    cursor.execute(forget, params)
    cursor.execute(sql.FORGET_ELSEWHERE)
    cursor.execute("ANALYZE pair_was")
    return _changed(cursor, sql.KEEP, params)


def own_parameters(taxpayer_id: int) -> dict[str, Any]:
    """Return what the statements ask about one taxpayer; the range of keys is empty then."""
    codes = VatRegistration.objects.filter(taxpayer_id=taxpayer_id)
    return {
        "taxpayer": taxpayer_id,
        "vat_codes": list(codes.values_list("vat_code", flat=True)),
        "least": 1,
        "greatest": 0,
    }


def _take_turn(cursor: CursorWrapper, params: Mapping[str, Any]) -> None:
    cursor.execute(sql.NOT_WHILE_EVERYBODY)
    cursor.execute(sql.PARTIES, params)
    buckets = [bucket for (bucket,) in cursor.fetchall()]
    cursor.execute(sql.LOCK, {"buckets": buckets})


def _changed(cursor: CursorWrapper, statement: str, params: Mapping[str, Any] | None = None) -> int:
    cursor.execute(statement, params)
    return int(cursor.rowcount)


def _months_dealt(cursor: CursorWrapper) -> list[date]:
    cursor.execute(sql.MONTHS_DEALT)
    return [month for (month,) in cursor.fetchall()]


def _join_alike(cursor: CursorWrapper) -> None:
    """Join the candidates just selected whose numbers are alike, month by month."""
    slots: dict[tuple[int, int], int] = {}
    keys: list[tuple[int, int]] = []

    def place(key: int, nth: int) -> int:
        if (key, nth) not in slots:
            slots[key, nth] = len(keys)
            keys.append((key, nth))
        return slots[key, nth]

    by_month: dict[date, list[Candidate]] = defaultdict(list)
    for month, s_key, s_nth, p_key, p_nth, s_number, p_number in cursor.fetchall():
        by_month[month].append(
            Candidate(place(s_key, s_nth), place(p_key, p_nth), s_number, p_number)
        )
    chosen = [
        (month, *keys[candidate.sale], *keys[candidate.purchase], str(reason))
        for month, candidates in by_month.items()
        for candidate, reason in possible_matches(candidates)
    ]
    if chosen:
        execute_values(cursor, alike_sql.JOIN_ALIKE, chosen, page_size=len(chosen))


def _months_before(day: date, months: int) -> date:
    for _ in range(months):
        day = (day - timedelta(days=1)).replace(day=1)
    return day
