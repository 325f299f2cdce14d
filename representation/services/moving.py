"""The moves of a mandate from state to state, each kept with whose act it was."""

from imas.kernel import clock
from imas.kernel.errors import ConflictError
from representation.models import Mandate, MandateMove
from representation.types import MOVES, MandateState


def move(mandate: Mandate, to: MandateState, by: int | None) -> None:
    """Take a mandate to its next state and write down who did it, within a transaction.

    A move that the table does not know, or that somebody else has just overtaken, is
    `ConflictError`.
    """
    before = MandateState(mandate.state)
    here = Mandate.objects.filter(pk=mandate.pk, state=before)
    if to not in MOVES.get(before, ()) or here.update(state=to) != 1:
        raise ConflictError("mandate-moved-on")
    mandate.state = to
    record(mandate, by)


def record(mandate: Mandate, by: int | None) -> None:
    """Write down the mandate as it stands now; `by` None is the house itself."""
    MandateMove.objects.create(
        mandate=mandate,
        at=clock.now(),
        by_id=by,
        state=mandate.state,
        rights=mandate.rights,
        until=mandate.until,
        passing_on=mandate.passing_on,
    )
