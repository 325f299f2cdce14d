"""Relevance, as the web-service specification tells it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isaf.relevance import Standing, after_move
from isaf.types import REGISTER_MOVES, RegisterState

PREPARING, SUBMITTED = RegisterState.PREPARING, RegisterState.SUBMITTED
ACCEPTED, REJECTED = RegisterState.ACCEPTED, RegisterState.REJECTED

BEFORE_AND_AFTER = [
    ("the first submission counts", [(SUBMITTED, False)], 1, {1}, 1),
    ("an earlier submission gives way", [(SUBMITTED, True), (SUBMITTED, False)], 2, {2}, 2),
    (
        "an accepted one stays relevant beside a submission",
        [(ACCEPTED, True), (SUBMITTED, False)],
        2,
        {1, 2},
        2,
    ),
    ("acceptance ends all others", [(ACCEPTED, True), (ACCEPTED, True)], 2, {2}, 2),
    ("acceptance ends a rejected one", [(REJECTED, True), (ACCEPTED, True)], 2, {2}, 2),
    ("the first rejected one is relevant", [(REJECTED, True)], 1, {1}, 1),
    ("a rejected one takes the place of another", [(REJECTED, True), (REJECTED, True)], 2, {2}, 2),
    ("a rejected one yields to an accepted one", [(ACCEPTED, True), (REJECTED, True)], 2, {1}, 1),
    (
        "a rejected one that yields leaves an irrelevant one so",
        [(REJECTED, False), (ACCEPTED, True), (REJECTED, True)],
        3,
        {2},
        2,
    ),
    ("one in preparation is never relevant", [(SUBMITTED, True), (PREPARING, False)], 1, {1}, 1),
]


@pytest.mark.parametrize(
    ("told", "moved", "relevant", "current"),
    [pytest.param(*case[1:], id=case[0]) for case in BEFORE_AND_AFTER],
)
def test_relevance_follows_the_specification(
    told: list[tuple[RegisterState, bool]], moved: int, relevant: set[int], current: int
) -> None:
    before = [Standing(n, state, is_on) for n, (state, is_on) in enumerate(told, start=1)]
    after = after_move(before, moved)
    assert {one.revision for one in after if one.relevant} == relevant
    assert [one.revision for one in after if one.current] == [current]


@given(st.lists(st.sampled_from(range(8)), max_size=40))
def test_at_most_one_is_relevant_in_each_state_and_one_counts(choices: list[int]) -> None:
    standings: list[Standing] = []
    for choice in choices:
        standings = _step(standings, choice)
        for state in RegisterState:
            assert sum(one.relevant for one in standings if one.state is state) <= 1
        assert sum(one.current for one in standings) <= 1
        submitted = [one for one in standings if one.state is not PREPARING]
        assert bool(submitted) == any(one.current for one in standings)


def _step(standings: list[Standing], choice: int) -> list[Standing]:
    """Open a new revision, or move the newest of the movable ones, as services do."""
    movable = [one for one in standings if REGISTER_MOVES[one.state] and _is_worked_on(one)]
    if choice % 2 or not movable:
        if any(one.state is PREPARING for one in standings):
            return standings
        return [*standings, Standing(len(standings) + 1, PREPARING)]
    one = movable[choice // 2 % len(movable)]
    moves = sorted(REGISTER_MOVES[one.state])
    state = moves[choice // 4 % len(moves)]
    rest = [other for other in standings if other is not one]
    return list(after_move([*rest, Standing(one.revision, state, one.relevant)], one.revision))


def _is_worked_on(one: Standing) -> bool:
    return one.state is PREPARING or one.relevant
