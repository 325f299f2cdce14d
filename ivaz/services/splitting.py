"""Who may split a waybill on a page, and how a second press is told from a fault."""

from collections.abc import Collection

from imas.kernel.errors import ConflictError, ForbiddenError
from ivaz.models import Waybill
from ivaz.selectors import SUBMIT
from ivaz.services.verdicts import Verdict
from ivaz.states import MOVES
from ivaz.types import Act, Role, State
from representation.types import Acting


def is_whole(acting: Acting, waybill: Waybill, roles: Collection[Role]) -> bool:
    """Tell whether somebody in these roles may split a waybill; no: it is split already.

    ForbiddenError("waybill-not-yours") to who did not prepare it, ConflictError("waybill-state")
    where it is past it.
    """
    acting.require_wholly(SUBMIT)
    move = MOVES[Act.SPLIT]
    if not move.actors & set(roles):
        raise ForbiddenError("waybill-not-yours", rn=waybill.rn)
    if waybill.state == State.SPLIT:
        return False
    if waybill.state not in move.origins:
        raise ConflictError("waybill-state", rn=waybill.rn)
    return True


def was_split_before(verdict: Verdict) -> bool:
    """Tell whether a split was refused for the waybill being split: another press was quicker."""
    return any(
        problem.code == "ivaz.state" and problem.value == State.SPLIT
        for problem in verdict.problems
    )
