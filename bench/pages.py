"""The register page, its search, filters and groups on ten million stored invoices.

The reference is the same requests for a register of fifty invoices in the same database, so the
ratio tells what size costs. Seconds are the 95th percentile of server time: the whole answer of
the application, without network and browser.
"""

import statistics
import time
from collections.abc import Iterable, Iterator

from django.test import Client

from bench.memory import PeakMemory
from bench.result import Result

_SMALL = 50
_USUAL = 5_000
_LARGE = 500_000
_REQUESTS = 300
_QUERIES: tuple[tuple[str, dict[str, str]], ...] = (
    ("", {}),
    ("", {"q": "SF0000123"}),
    ("", {"q": "vilnija 12"}),
    ("", {"type": "SF", "since": "2026-10-15"}),
    ("", {"code": "PVM1", "rate": "21", "taxable_from": "500"}),
    ("groups/", {"by": "party"}),
    ("groups/", {"by": "code"}),
)
"""Pages of a register and what is asked of them; each also sums what it shows."""


def measure(size: int) -> Result:
    """Fill the registers to `size` invoices and ask for pages of them at random."""
    from bench.stock import fill, some

    stock = fill(size, usual=_USUAL, large=_LARGE, small=_SMALL)
    _seconds_of([stock.small])
    with PeakMemory() as memory:
        each = _seconds_of(some(stock, _REQUESTS, seed=7))
    seconds = _p95(each)
    reference = _p95(_seconds_of([stock.small] * _REQUESTS))
    large = _p95(_seconds_of([stock.large] * (_REQUESTS // 10)))
    return Result(
        "pages",
        size,
        seconds,
        f"the same pages of a register of {_SMALL} invoices",
        reference,
        memory.megabytes,
        notes=f"p95 of {_REQUESTS} requests; a register of {stock.largest}: {large:.3f} s;"
        f" {_slowest(each)}",
    )


def _seconds_of(readers: Iterable[tuple[Client, str]]) -> list[float]:
    return list(_ask_all(readers))


def _ask_all(readers: Iterable[tuple[Client, str]]) -> Iterator[float]:
    for turn, (client, number) in enumerate(readers):
        page, query = _QUERIES[turn % len(_QUERIES)]
        address = f"/isaf/registers/{number}/{page}"
        before = time.perf_counter()
        answer = client.get(address, query)
        yield time.perf_counter() - before
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")


def _slowest(seconds: list[float]) -> str:
    """Tell the slowest of the pages by its median."""
    kinds = len(_QUERIES)
    medians = [statistics.median(seconds[turn::kinds]) for turn in range(kinds)]
    page, query = _QUERIES[medians.index(max(medians))]
    return f"slowest {page}{query}: {max(medians):.3f} s"


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
