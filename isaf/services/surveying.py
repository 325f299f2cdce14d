"""Which keys of a month have to be judged anew: those whose pairs are not what a survey says.

A survey (`isaf.survey`) decides on every deal of a month at once, from facts packed when pairs
were made; kept pairs are summed up by the database in the same buckets. Where sums agree, each
pair there is as it should be and told by the registers that count.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import connection

from imas.kernel.periods import Period
from imas.web.copying_out import copy_out
from isaf import crosscheck_terms
from isaf.facts import APART, VERDICTS, Sum, Sums
from isaf.sql import survey as sql
from isaf.survey import Column, MonthTerms, Survey
from isaf.types import RegisterType

_PARTS_AT_ONCE = 256


@dataclass(frozen=True)
class Doubtful:
    """Keys to be judged anew: whole buckets, and single ones a survey does not decide on."""

    buckets: list[int]
    keys: list[int]


def doubtful(period: Period, params: Mapping[str, Any]) -> Doubtful | None:
    """Survey the months of a period and tell the keys of a range that are in doubt.

    None where facts of a register that counts are not packed yet: then all of them are. `params`
    are those of `pairing.parameters` with the range of the keys and its lanes.
    """
    buckets: set[int] = set()
    keys: set[int] = set()
    for month in _months(period):
        here = {
            **params,
            "month": month,
            "end": _following(month) - timedelta(days=1),
            "sales": RegisterType.SALES,
            "purchases": RegisterType.PURCHASE,
        }
        survey = _survey(here, month)
        if survey is None:
            return None
        survey.judge()
        kept, apart = _kept({**here, "apart": survey.apart.tolist()})
        told = survey.sums(apart)
        buckets |= {bucket for (bucket, _), _ in told.items() ^ kept.items()}
        keys |= {*survey.apart.tolist(), *apart}
    return Doubtful(sorted(buckets), sorted(keys))


def _months(period: Period) -> Iterator[date]:
    month = period.start.replace(day=1)
    while month <= period.end:
        yield month
        month = _following(month)


def _following(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _survey(params: Mapping[str, Any], month: date) -> Survey | None:
    """Return what registers tell of a month, None where that of some is not packed."""
    survey = Survey(_terms(params, month))
    parts: list[bytes] = []
    are_packed = True

    def take(part: bytes) -> None:
        nonlocal are_packed
        parts.append(part)
        if len(parts) == _PARTS_AT_ONCE:
            are_packed &= survey.add(parts)
            parts.clear()

    copy_out(sql.READ, params, take)
    return survey if survey.add(parts) and are_packed else None


def _terms(params: Mapping[str, Any], month: date) -> MonthTerms:
    ((payers, sellers, buyers),) = _rows(sql.PAYERS, params)
    elsewhere = _rows(sql.ELSEWHERE, params)
    return MonthTerms(
        month=month,
        tolerance=int(crosscheck_terms.tolerances().on(month) * 100),
        compared=crosscheck_terms.compared().on(month),
        payers=_hashes(payers),
        sellers=_hashes(sellers),
        buyers=_hashes(buyers),
        sold_elsewhere=_numbers(key for key, is_sale in elsewhere if is_sale),
        bought_elsewhere=_numbers(key for key, is_sale in elsewhere if not is_sale),
        text_of=_text_of,
    )


def _hashes(told: bytes | None) -> Column:
    return np.sort(np.frombuffer(told or b"", ">i8").astype("i8"))


def _numbers(some: Iterable[int]) -> Column:
    return np.sort(np.fromiter(some, dtype="i8"))


def _text_of(hashed: int, part_id: int) -> str:
    ((text,),) = _rows(sql.TEXT_OF, {"part": part_id, "hash": hashed})
    return str(text)


def _kept(params: Mapping[str, Any]) -> tuple[Sums, list[int]]:
    """Return what pairs come to, and keys of those that are not to be decided on at once."""
    sums = {divmod(group, VERDICTS): Sum(*told) for group, *told in _rows(sql.KEPT, params)}
    apart = [bucket for bucket in sums if bucket[1] == APART]
    for bucket in apart:
        del sums[bucket]
    return sums, [key for (key,) in _rows(sql.KEPT_APART, params)] if apart else []


def _rows(statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
