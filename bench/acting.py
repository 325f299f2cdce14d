"""Whether a person may act, and finding a client, among 200 000 taxpayers and 500 000 mandates.

Seconds are the database time of one `acting_of` for a person with 300 clients, half of them by a
firm he heads: the median of the whole set of queries. The reference is the same
for a person with a single client, so the ratio tells what 300 clients cost.
"""

import random
import statistics
import time
from collections.abc import Callable

from django.db import connection

from bench.memory import PeakMemory
from bench.result import Result

CLIENTS = 300
_TURNS = 200
_TEXTS = ("vil", "3105", "LT1000", "medus", "zuvedra")


def measure(size: int) -> Result:
    """Fill the tables to `size` mandates and ask again and again."""
    from accounts.models import User
    from bench.mandates import fill
    from imas.kernel import clock
    from representation import selectors
    from representation.services import acting_of

    busy, single = fill(size, clients=CLIENTS)
    day = clock.today()
    pick = random.Random(7)  # noqa: S311 - which client to ask about

    def act(user: User) -> Callable[[], object]:
        clients = list(selectors.taxpayers_of(user, day))
        return lambda: acting_of(user, pick.choice(clients), clock.now())

    def search() -> object:
        return list(selectors.choices_of(busy, day, pick.choice(_TEXTS))[: selectors.RECENT])

    def reader() -> object:
        return list(selectors.people_with(pick.randrange(1, 200), "mailbox.view", day))

    with PeakMemory() as memory:
        ours = _database_seconds(act(busy))
    reference = _database_seconds(act(single))
    others = {
        "all clients": _database_seconds(lambda: list(selectors.choices_of(busy, day))),
        "switcher search": _database_seconds(search),
        "people with a right": _database_seconds(reader),
    }
    return Result(
        "acting",
        size,
        statistics.median(ours),
        "the same for a person with one client",
        statistics.median(reference),
        memory.megabytes,
        notes="median, p95 in ms: "
        + "; ".join(_said(name, spent) for name, spent in {"acting": ours, **others}.items()),
    )


def _said(name: str, spent: list[float]) -> str:
    return f"{name} {statistics.median(spent) * 1000:.1f}, {_p95(spent) * 1000:.1f}"


def _p95(spent: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(spent, n=20)[-1]


def _database_seconds(ask: Callable[[], object]) -> list[float]:
    """The time spent in the database by each of many turns, without Python's own."""
    spent = [0.0]

    def timed(execute: Callable[..., object], *call: object) -> object:
        before = time.perf_counter()
        try:
            return execute(*call)
        finally:
            spent[-1] += time.perf_counter() - before

    with connection.execute_wrapper(timed):
        for _ in range(_TURNS):
            ask()
            spent.append(0.0)
    return spent[:-1]
