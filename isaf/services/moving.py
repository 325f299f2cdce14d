"""Moving a register from state to state, with what every move entails."""

from collections.abc import Sequence
from uuid import UUID

from imas.kernel import clock
from imas.kernel.errors import ConflictError, NotFoundError
from isaf.models import PairRefresh, Register
from isaf.notices.registers import record_state
from isaf.relevance import Standing, after_move
from isaf.services.returns import registers_changed
from isaf.types import REGISTER_MOVES, RegisterState


def lock_with_revisions(register_id: UUID) -> tuple[Register, Sequence[Register]]:
    """Lock a register and all revisions of its period, in key order, and return it and them.

    Two who move revisions of one period wait for each other instead of standing in a knot.
    NotFoundError("register-not-found") when it was cancelled meanwhile.
    """
    register = Register.objects.get(pk=register_id)
    revisions = list(
        Register.objects.revisions_of(register).select_for_update(of=("self",)).order_by("pk")
    )
    found = next((row for row in revisions if row.pk == register_id), None)
    if found is None:
        raise NotFoundError("register-not-found", number=register.number)
    return found, revisions


def move(register: Register, state: RegisterState, revisions: Sequence[Register]) -> None:
    """Put a locked register into a state, settle relevance, ask for new pairs and new returns.

    Runs inside the caller's transaction; a move that is not allowed is
    ConflictError("register-move-not-allowed").
    """
    if state not in REGISTER_MOVES[RegisterState(register.state)]:
        raise ConflictError("register-move-not-allowed", state=register.state, wanted=state)
    register.state = state
    register.claimed_at, register.attempts, register.check_requested_at = None, 0, None
    register.given_up_at = None
    if state is RegisterState.SUBMITTED:
        register.submitted_at = clock.now()
    else:
        register.decided_at = clock.now()
    _settle_relevance(register, revisions)
    record_state(register)
    PairRefresh.objects.create(
        taxpayer_id=register.taxpayer_id, start=register.start, end=register.end
    )
    registers_changed(register)


def _settle_relevance(register: Register, revisions: Sequence[Register]) -> None:
    rows = {row.revision: row for row in revisions}
    standings = [
        Standing(row.revision, RegisterState(row.state), row.relevant) for row in revisions
    ]
    settled = after_move(standings, register.revision)
    # What steps back is saved before what steps forward, as the unique constraints demand.
    for standing in sorted(settled, key=lambda one: (one.current, one.relevant)):
        row = rows[standing.revision]
        row.relevant, row.current = standing.relevant, standing.current
        row.save()
