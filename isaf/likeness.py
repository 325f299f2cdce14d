"""Which two different invoice numbers may be one mistyped. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA


class Likeness(StrEnum):
    """Why two different numbers may mean one invoice."""

    LOOK_ALIKE = "look-alike"
    ONE_CHARACTER = "one-character"
    DROPPED_CHARACTER = "dropped-character"
    SWAPPED_CHARACTERS = "swapped-characters"
    LEADING_ZEROS = "leading-zeros"
    NO_SERIES = "no-series"
    SAME_SERIES = "same-series"


def likeness(ours: str, theirs: str) -> Likeness | None:
    """Why two normalised numbers may be one mistyped, or None: they are the same or too far."""
    if ours == theirs:
        return None
    if _without_zeros(ours) == _without_zeros(theirs):
        return Likeness.LEADING_ZEROS
    if OSA.distance(ours, theirs, score_cutoff=1) <= 1:
        return _slip(ours, theirs)
    shorter, longer = sorted((ours, theirs), key=len)
    series = longer.removesuffix(shorter)
    if series != longer and series.isalpha() and len(shorter) >= 3:
        return Likeness.NO_SERIES
    return None


def _slip(ours: str, theirs: str) -> Likeness:
    if len(ours) != len(theirs):
        return Likeness.DROPPED_CHARACTER
    apart = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    if len(apart) == 2:
        return Likeness.SWAPPED_CHARACTERS
    if _series(ours) == _series(theirs):
        return Likeness.SAME_SERIES
    return Likeness.LOOK_ALIKE if frozenset(apart[0]) in _LOOK_ALIKE else Likeness.ONE_CHARACTER


_LOOK_ALIKE = frozenset(
    frozenset(two) for two in ("O0", "Q0", "I1", "L1", "IL", "Z2", "S5", "B8", "G6", "ŠS", "ŽZ")
)


def _without_zeros(number: str) -> str:
    """The number without the zeros that open its last run of digits."""
    series = _series(number)
    return series + number[len(series) :].lstrip("0")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two lone entries of the same parties, date and amount, by place, with their numbers."""

    sale: int
    purchase: int
    sale_number: str
    purchase_number: str


@dataclass(frozen=True, slots=True)
class _Alike:
    candidate: Candidate
    reason: Likeness

    @property
    def sides(self) -> tuple[tuple[str, int], tuple[str, int]]:
        return ("S", self.candidate.sale), ("P", self.candidate.purchase)


def possible_matches(candidates: Iterable[Candidate]) -> list[tuple[Candidate, Likeness]]:
    """Choose the candidates that are the one best on both sides; no entry is chosen twice.

    What two entries could mean equally well is chosen for neither. All lone entries of the same
    parties, date and amount must be among the candidates, each with each across.
    """
    offered = list(candidates)
    continued = _continued(offered)
    alike = [
        _Alike(candidate, reason)
        for candidate in offered
        if (reason := likeness(candidate.sale_number, candidate.purchase_number))
        and not (reason is Likeness.SAME_SERIES and candidate in continued)
    ]
    chosen: list[_Alike] = []
    while best := _best_for_both(alike):
        chosen += best
        taken = {side for one in best for side in one.sides}
        alike = [one for one in alike if taken.isdisjoint(one.sides)]
    return [(one.candidate, one.reason) for one in chosen]


def _best_for_both(alike: list[_Alike]) -> list[_Alike]:
    """Those with no equal and no better on either side."""
    ahead: dict[tuple[str, int], list[_Alike]] = defaultdict(list)
    for one in sorted(alike, key=lambda one: _GRADE[one.reason]):
        for side in one.sides:
            if not ahead[side] or _GRADE[ahead[side][0].reason] == _GRADE[one.reason]:
                ahead[side].append(one)
    return [one for one in alike if all(ahead[side] == [one] for side in one.sides)]


def _continued(candidates: Iterable[Candidate]) -> set[Candidate]:
    """Those with more numbers of the same series left on a side: the series just goes on."""
    series: dict[tuple[str, int, str], set[int]] = defaultdict(set)
    offered = list(candidates)
    for one in offered:
        series["S", one.sale, _series(one.purchase_number)].add(one.purchase)
        series["P", one.purchase, _series(one.sale_number)].add(one.sale)
    return {
        one
        for one in offered
        if len(series["S", one.sale, _series(one.sale_number)]) > 1
        or len(series["P", one.purchase, _series(one.purchase_number)]) > 1
    }


def _series(number: str) -> str:
    """The number without its counter, the digits it ends with."""
    return number.rstrip("0123456789")


_GRADE = {
    Likeness.LOOK_ALIKE: 0,
    Likeness.LEADING_ZEROS: 1,
    Likeness.DROPPED_CHARACTER: 2,
    Likeness.SWAPPED_CHARACTERS: 3,
    Likeness.NO_SERIES: 4,
    Likeness.ONE_CHARACTER: 5,
    Likeness.SAME_SERIES: 6,
}
