"""Which revisions of a register are relevant (aktualumas) and which one counts now.

Source: web-service specification v2.2, life of a register. Entering SUBMITTED makes a revision
relevant and an earlier SUBMITTED one irrelevant; ACCEPTED makes all others irrelevant; REJECTED
is relevant, in place of earlier REJECTED ones, only while no ACCEPTED one is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from isaf.types import RegisterState


@dataclass(frozen=True, slots=True)
class Standing:
    """A revision as relevance sees it; `current` marks the one that counts, the newest relevant."""

    revision: int
    state: RegisterState
    relevant: bool = False
    current: bool = False


def after_move(standings: Iterable[Standing], moved: int) -> tuple[Standing, ...]:
    """Return how all revisions of a period stand once revision `moved` has entered its state."""
    before = tuple(standings)
    state = next(standing.state for standing in before if standing.revision == moved)
    judged = [
        replace(standing, relevant=_is_relevant(standing, state, moved, before))
        for standing in before
    ]
    newest = max((one.revision for one in judged if one.relevant), default=0)
    return tuple(replace(one, current=one.revision == newest) for one in judged)


def _is_relevant(
    standing: Standing, state: RegisterState, moved: int, before: tuple[Standing, ...]
) -> bool:
    if standing.revision == moved:
        return state is not RegisterState.PREPARING and not _yields(state, moved, before)
    if state is RegisterState.ACCEPTED:
        return False
    if state is RegisterState.REJECTED and standing.state is RegisterState.REJECTED:
        return standing.relevant and _yields(state, moved, before)
    return standing.relevant and standing.state is not state


def _yields(state: RegisterState, moved: int, before: tuple[Standing, ...]) -> bool:
    return state is RegisterState.REJECTED and any(
        other.relevant and other.state is RegisterState.ACCEPTED and other.revision != moved
        for other in before
    )
