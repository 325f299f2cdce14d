"""The deals of one taxpayer judged anew beside so many stored invoices, as after a submission.

The reference is the same beside a hundred thousand, so the ratio tells what the others cost. The
first turn finds caches as the others' work left them; the median of the next is told.
"""

import statistics
import time

from bench.economy import FIRST, PERIOD, judge, tell
from bench.memory import PeakMemory
from bench.result import Result

_OWN = 1_000
_TURNS = 9


def measure(size: int) -> Result:
    """Judge the deals of a seller of a thousand invoices beside `size` invoices of a month."""
    _, reference = _seconds_beside(100 * _OWN)
    with PeakMemory() as memory:
        first, seconds = _seconds_beside(size)
    return Result(
        "refresh",
        size,
        seconds,
        f"the same beside {100 * _OWN} invoices",
        reference,
        memory.megabytes,
        notes=f"median of {_TURNS}, the first {first:.3f} s",
    )


def _seconds_beside(invoices: int) -> tuple[float, float]:
    """Return the seconds of the first turn and the median of the next."""
    tell(invoices // 2, of_first=_OWN)
    judge()
    first, *others = (_seconds() for _ in range(1 + _TURNS))
    return first, statistics.median(others)


def _seconds() -> float:
    from isaf.services.pairing import refresh_pairs

    before = time.perf_counter()
    if refresh_pairs(FIRST, PERIOD) < _OWN:
        raise SystemExit("The taxpayer has fewer deals than it told of")
    return time.perf_counter() - before
