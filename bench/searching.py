"""The list of waybills, its search, views and filters among two million stored waybills.

The reference is the same requests for a taxpayer of fifty waybills in the same database, so the
ratio tells what size costs. Seconds are the 95th percentile of server time: the whole answer of
the application, without network and browser.
"""

import random
import statistics
import time
from collections.abc import Iterable, Iterator

from django.test import Client

from bench.memory import PeakMemory
from bench.result import Result
from bench.waybill_stock import fill

_REQUESTS = 300
_QUERIES: tuple[dict[str, str], ...] = (
    {},
    {"q": "000123"},
    {"q": "vilnija ukmerges"},
    {"state": "mine"},
    {"state": "late"},
    {"state": "closed", "since": "2026-01-15", "until": "2026-02-15"},
    {"state": "different"},
    {"role": "consignee"},
    {"state": "cancelled"},
)
"""What is asked of the list; each page also counts the views."""


def measure(size: int) -> Result:
    """Store `size` waybills and ask for lists of them at random."""
    stock = fill(size)
    for query in _QUERIES:
        stock.small.get("/ivaz/", query)
    pick = random.Random(7)  # noqa: S311 - whose list to open
    with PeakMemory() as memory:
        each = list(_ask_all(pick.choices(stock.usual, k=_REQUESTS)))
    reference = _p95(list(_ask_all([stock.small] * _REQUESTS)))
    large = list(_ask_all([stock.large] * len(_QUERIES) * 5))
    return Result(
        "searching",
        size,
        _p95(each),
        "the same lists of a taxpayer of 50 waybills",
        reference,
        memory.megabytes,
        notes=f"p95 of {_REQUESTS} requests; slowest {_slowest(each)}; a taxpayer of "
        f"{stock.largest}: {_p95(large):.3f} s, slowest {_slowest(large)}",
    )


def _ask_all(readers: Iterable[Client]) -> Iterator[float]:
    for turn, client in enumerate(readers):
        before = time.perf_counter()
        answer = client.get("/ivaz/", _QUERIES[turn % len(_QUERIES)])
        yield time.perf_counter() - before
        if answer.status_code != 200:
            raise SystemExit(f"Answered {answer.status_code}")


def _slowest(seconds: list[float]) -> str:
    """Tell the slowest of the questions by its median."""
    kinds = len(_QUERIES)
    medians = [statistics.median(seconds[turn::kinds]) for turn in range(kinds)]
    return f"{_QUERIES[medians.index(max(medians))]}: {max(medians):.3f} s"


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
