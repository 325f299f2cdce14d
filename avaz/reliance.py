"""Which times an outage excuses: what is said of it now, and what was relied on before.

A declaration is read on every page, so while it stands people carry goods by it. What is said
later cannot make them wrong: the time in which a declaration stood and lasted stays excused, even
when it turns out to have been a mistake. What lies outside of that time falls with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of an outage at a moment: its time, and whether it excuses late waybills."""

    at: datetime
    start: datetime
    end: datetime | None
    excuses: bool


Span = tuple[datetime, datetime | None]
"""From when until when; None: it lasts."""


def excused_times(said: Sequence[Said]) -> list[Span]:
    """Return the times in which waybills are excused, in order, without overlaps.

    `said` is everything that was said, in its order. Only the last can last.
    """
    spans = [
        (max(this.start, this.at), min(this.end or following.at, following.at))
        for this, following in pairwise(said)
        if this.excuses
    ]
    relied_on: list[Span] = [(start, end) for start, end in spans if start < end]
    now = said[-1]
    return _joined([*relied_on, (now.start, now.end)] if now.excuses else relied_on)


def known_since(said: Sequence[Said]) -> datetime:
    """Return the moment at which what holds now was said: other words alone change nothing."""
    at = said[0].at
    for this, following in pairwise(said):
        if _terms(this) != _terms(following):
            at = following.at
    return at


def _terms(one: Said) -> tuple[datetime, datetime | None, bool]:
    return one.start, one.end, one.excuses


def _joined(spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        if found and (found[-1][1] is None or start <= found[-1][1]):
            before, until = found[-1]
            found[-1] = (before, None if until is None or end is None else max(until, end))
        else:
            found.append((start, end))
    return found
