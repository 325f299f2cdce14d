"""Which times an outage excuses once it was corrected or withdrawn: cases, and a law."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avaz.reliance import Said, Span, excused_times, known_since

DAY = datetime(2026, 11, 30, tzinfo=UTC)


def hour(at: float | None) -> datetime | None:
    return None if at is None else DAY + timedelta(hours=at)


def said(at: float, start: float, end: float | None = None, *, excuses: bool = True) -> Said:
    begin = hour(start)
    moment = hour(at)
    assert begin
    assert moment
    return Said(moment, begin, hour(end), excuses)


def spans(*told: tuple[float, float | None]) -> list[tuple[datetime | None, datetime | None]]:
    return [(hour(start), hour(end)) for start, end in told]


WITHDRAWN = False


@pytest.mark.parametrize(
    ("history", "excused"),
    [
        ([said(10, 8)], [(8, None)]),  # it lasts
        ([said(10, 8), said(12, 8, 12)], [(8, 12)]),  # it ended
        ([said(10, 8), said(12, 8, excuses=WITHDRAWN)], [(10, 12)]),  # read from 10 to 12
        ([said(10, 8), said(12, 8, 12), said(15, 8, 12, excuses=WITHDRAWN)], [(10, 12)]),
        ([said(10, 20, 22), said(12, 20, 22, excuses=WITHDRAWN)], []),  # never began
        ([said(10, 20, 22), said(21, 20, 22, excuses=WITHDRAWN)], [(20, 21)]),
        ([said(10, 8, 9), said(12, 8, 9, excuses=WITHDRAWN)], []),  # over when it was said
        ([said(10, 8), said(12, 11)], [(10, None)]),  # began later than was said
        ([said(10, 8), said(12, 8, 12), said(13, 8, 11)], [(8, 12)]),  # relied on till 12
        ([said(10, 10, 12), said(10.5, 40, 44)], [(10, 10.5), (40, 44)]),  # another day
        ([said(10, 8), said(12, 8, excuses=False), said(14, 8)], [(8, None)]),
    ],
)
def test_cases(history: list[Said], excused: list[tuple[float, float | None]]) -> None:
    assert excused_times(history) == spans(*excused)


def test_other_words_alone_give_no_more_days() -> None:
    history = [said(10, 8), said(12, 8, 12), said(30, 8, 12)]
    assert known_since(history) == hour(12)
    assert known_since([*history, said(40, 8, 11)]) == hour(40)


@st.composite
def histories(draw: st.DrawFn) -> list[Said]:
    moments = sorted(draw(st.lists(st.integers(0, 99), min_size=1, max_size=6, unique=True)))
    found = []
    for at in moments:
        start = draw(st.integers(0, 99))
        end = draw(st.none() | st.integers(start, 120))
        found.append(said(at, start, end, excuses=draw(st.booleans())))
    return found


def covers(times: Sequence[Span], at: datetime) -> bool:
    return any(start <= at and (end is None or at < end) for start, end in times)


@given(histories(), st.integers(0, 120))
def test_a_moment_is_excused_by_what_is_said_now_or_was_read_then(
    history: list[Said], hours: int
) -> None:
    at = DAY + timedelta(hours=hours, minutes=30)
    now = history[-1]
    read_then = [one for one in history if one.at <= at][-1:]
    excusing = [now, *(one for one in read_then if one is not now)]
    expected = any(
        one.excuses and one.start <= at and (one.end is None or at < one.end) for one in excusing
    )
    assert covers(excused_times(history), at) == expected


@given(histories())
def test_times_are_in_order_and_apart(history: list[Said]) -> None:
    times = excused_times(history)
    for (_start, end), (start, _end) in pairwise(times):
        assert end
        assert end < start
