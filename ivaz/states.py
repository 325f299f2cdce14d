"""The states of a waybill as one table: what may be done in each, by whom, and what follows.

Built from the actions the format knows and the published rules (docs/ivaz/waybills.md); the full
official list of states is not published.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ivaz.types import OPEN, Act, Role, State

_UNDER_WAY = frozenset({State.SENT, State.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Move:
    """An act: from which states, by whom (nobody: the house itself), and to which state.

    `to` is None where the state stays.
    """

    origins: frozenset[State]
    actors: frozenset[Role]
    to: State | None = None


MOVES: Mapping[Act, Move] = {
    Act.AMEND: Move(OPEN, frozenset({Role.PREPARER})),
    Act.RELOAD: Move(_UNDER_WAY, frozenset({Role.PREPARER, Role.TRANSPORTER})),
    Act.SPLIT: Move(_UNDER_WAY, frozenset({Role.PREPARER}), State.SPLIT),
    Act.ACCEPT: Move(frozenset({State.SENT}), frozenset({Role.TRANSPORTER}), State.ACCEPTED),
    Act.DELIVER: Move(_UNDER_WAY, frozenset({Role.TRANSPORTER}), State.DELIVERED),
    Act.RECEIVE: Move(
        frozenset({State.SENT, State.ACCEPTED, State.DELIVERED}),
        frozenset({Role.CONSIGNEE}),
        State.RECEIVED,
    ),
    Act.WARN: Move(
        frozenset({State.SENT, State.ACCEPTED, State.DELIVERED}), frozenset({Role.CONSIGNEE})
    ),
    Act.CANCEL: Move(_UNDER_WAY, frozenset({Role.PREPARER}), State.CANCELLED),
    Act.RETURN: Move(
        frozenset({State.ACCEPTED, State.DELIVERED, State.RECEIVED}),
        frozenset({Role.PREPARER}),
        State.RETURNING,
    ),
    Act.TAKE_BACK: Move(frozenset({State.RETURNING}), frozenset({Role.CONSIGNOR}), State.RECEIVED),
    Act.ATTACH: Move(frozenset(State), frozenset(Role)),
    Act.OBJECT: Move(frozenset(State) - {State.CANCELLED}, frozenset({Role.CONSIGNOR})),
    Act.CLOSE: Move(
        frozenset({State.SENT, State.ACCEPTED, State.DELIVERED, State.RECEIVED, State.RETURNING}),
        frozenset(),
        State.CLOSED,
    ),
}
"""Everything but the issue of a waybill, which makes it."""


def allowed(state: State, roles: frozenset[Role]) -> list[Act]:
    """Return what somebody in these roles may do in a state; nobody objects to his own waybill."""
    return [
        act
        for act, move in MOVES.items()
        if state in move.origins
        and move.actors & roles
        and not (act is Act.OBJECT and Role.PREPARER in roles)
    ]
