"""How well mistyped numbers are found: precision and recall on noise of which the truth is known.

Deals of pairs of parties; of a hundred, six have a number mistyped by the buyer, three are missing
at the buyer and three at the seller. What makes it hard: a fifth of the deals come in rows of one
day and one amount with numbers that follow one another, as subscriptions do. Told are precision
and recall of the possible matches (`isaf.likeness`) among what is left over; the reference is
whoever takes every two numbers that are one slip apart (same parties, day and amount).
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from rapidfuzz.distance import OSA

from bench.memory import PeakMemory
from bench.result import Result
from isaf.likeness import Candidate, possible_matches

_DEALS_OF_ONE = 40
_SERIES = ("GK", "SF", "PVM-", "A", "")
_LOOK_ALIKE = {"0": "O", "1": "I", "5": "S", "8": "B"}
_ROW = 4
"""So many deals of one day and amount follow one another where they do."""

Group = tuple[int, int, int]
Found = set[tuple[int, int]]


@dataclass(slots=True)
class Left:
    """What is left over of one pair of parties, day and amount: number by deal."""

    sales: dict[int, str] = field(default_factory=dict)
    purchases: dict[int, str] = field(default_factory=dict)

    def candidates(self) -> list[Candidate]:
        """Every sale beside every purchase."""
        return [
            Candidate(sale, purchase, sold, bought)
            for sale, sold in self.sales.items()
            for purchase, bought in self.purchases.items()
        ]


def measure(size: int) -> Result:
    """Look for the mistyped numbers of so many deals."""
    groups, mistyped = leftovers(size, Random(7))  # noqa: S311 - noise, not a secret
    offered = [left.candidates() for left in groups.values()]
    with PeakMemory() as memory:
        seconds, ours = _timed(_chosen, offered)
    reference, slips = _timed(_one_slip, offered)
    return Result(
        "likeness",
        size,
        seconds,
        "every two numbers one slip apart",
        reference,
        memory.megabytes,
        notes=f"of {len(mistyped)} mistyped: {told(ours, mistyped)};"
        f" the reference: {told(slips, mistyped)}",
    )


def leftovers(size: int, luck: Random) -> tuple[Mapping[Group, Left], set[int]]:
    """Return what no exact number has matched, and which deals were mistyped."""
    groups: dict[Group, Left] = defaultdict(Left)
    mistyped = set()
    day, cents = 0, 0
    for deal in range(size):
        pair = deal // _DEALS_OF_ONE
        if deal % (5 * _ROW) >= _ROW or deal % _ROW == 0:
            day, cents = luck.randrange(28), luck.randrange(100_000)
        number = f"{_SERIES[pair % len(_SERIES)]}{10_000 + deal}"
        left = groups[pair, day, cents]
        fate = luck.randrange(100)
        if fate < 6:
            left.sales[deal], left.purchases[deal] = number, _mistyped(number, luck)
            mistyped.add(deal)
        elif fate < 9:
            left.sales[deal] = number
        elif fate < 12:
            left.purchases[deal] = number
    return groups, mistyped


def _mistyped(number: str, luck: Random) -> str:
    """Return another number, as a tired hand writes it."""
    while True:
        changed = luck.choice(_SLIPS)(number, luck.randrange(len(number)), luck)
        if changed != number:
            return changed


def _another_digit(number: str, at: int, luck: Random) -> str:
    return f"{number[:at]}{luck.randrange(10)}{number[at + 1 :]}"


def _dropped(number: str, at: int, _luck: Random) -> str:
    return number[:at] + number[at + 1 :]


def _swapped(number: str, at: int, _luck: Random) -> str:
    return number[:at] + number[at + 1 : at + 2] + number[at] + number[at + 2 :]


def _look_alike(number: str, at: int, _luck: Random) -> str:
    return number[:at] + _LOOK_ALIKE.get(number[at], number[at]) + number[at + 1 :]


def _no_series(number: str, _at: int, _luck: Random) -> str:
    return number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-")


def _zeros(number: str, _at: int, _luck: Random) -> str:
    series = number.rstrip("0123456789")
    return f"{series}00{number[len(series) :]}"


_SLIPS: Sequence[Callable[[str, int, Random], str]] = (
    _another_digit,
    _dropped,
    _swapped,
    _look_alike,
    _no_series,
    _zeros,
)


def _timed(
    find: Callable[[Iterable[list[Candidate]]], Iterator[Candidate]],
    offered: Sequence[list[Candidate]],
) -> tuple[float, Found]:
    before = time.perf_counter()
    found = {(one.sale, one.purchase) for one in find(offered)}
    return time.perf_counter() - before, found


def _chosen(offered: Iterable[list[Candidate]]) -> Iterator[Candidate]:
    for candidates in offered:
        yield from (candidate for candidate, _reason in possible_matches(candidates))


def _one_slip(offered: Iterable[list[Candidate]]) -> Iterator[Candidate]:
    for candidates in offered:
        for one in candidates:
            if OSA.distance(one.sale_number, one.purchase_number, score_cutoff=1) <= 1:
                yield one


def told(found: Found, mistyped: set[int]) -> str:
    """Say precision and recall of what was found."""
    right = sum(sale == purchase for sale, purchase in found)
    precision = right / len(found) if found else 1.0
    return f"precision {precision:.3f}, recall {right / len(mistyped):.3f}"
