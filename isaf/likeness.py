"""Which two different invoice numbers may be one mistyped. Pure."""

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
    return Likeness.LOOK_ALIKE if frozenset(apart[0]) in _LOOK_ALIKE else Likeness.ONE_CHARACTER


_LOOK_ALIKE = frozenset(
    frozenset(two) for two in ("O0", "Q0", "I1", "L1", "IL", "Z2", "S5", "B8", "G6", "ŠS", "ŽZ")
)


def _without_zeros(number: str) -> str:
    """The number without the zeros that open its last run of digits."""
    series = number.rstrip("0123456789")
    return series + number[len(series) :].lstrip("0")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two lone entries of the same parties, date and amount, by place, with their numbers."""

    sale: int
    purchase: int
    sale_number: str
    purchase_number: str


def possible_matches(candidates: Iterable[Candidate]) -> list[tuple[Candidate, Likeness]]:
    """Choose the candidates whose numbers are alike; no entry is chosen twice."""
    alike = [
        (reason, candidate)
        for candidate in candidates
        if (reason := likeness(candidate.sale_number, candidate.purchase_number))
    ]
    alike.sort(
        key=lambda item: (
            _GRADE[item[0]],
            item[1].sale_number,
            item[1].purchase_number,
            item[1].sale,
            item[1].purchase,
        )
    )
    sales: set[int] = set()
    purchases: set[int] = set()
    chosen = []
    for reason, candidate in alike:
        if candidate.sale not in sales and candidate.purchase not in purchases:
            sales.add(candidate.sale)
            purchases.add(candidate.purchase)
            chosen.append((candidate, reason))
    return chosen


_GRADE = {
    Likeness.LOOK_ALIKE: 0,
    Likeness.LEADING_ZEROS: 1,
    Likeness.DROPPED_CHARACTER: 2,
    Likeness.SWAPPED_CHARACTERS: 3,
    Likeness.NO_SERIES: 4,
    Likeness.ONE_CHARACTER: 5,
}
