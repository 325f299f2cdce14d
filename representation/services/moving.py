"""The moves of a mandate from state to state, each kept with whose act it was."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from imas.kernel import clock
from imas.kernel.errors import ConflictError
from representation.models import Mandate, MandateMove, Proposal
from representation.services.telling import tell_of_move
from representation.types import MOVES, WAITING, MandateState, ProposalState


def move(mandate: Mandate, to: MandateState, by: int | None) -> None:
    """Take a mandate to its next state and write down who did it, within a transaction.

    What was proposed about it and is not decided falls with its old state. A move that the table
    does not know, or that somebody else has just overtaken, is `ConflictError`.
    """
    before = MandateState(mandate.state)
    here = Mandate.objects.filter(pk=mandate.pk, state=before)
    if to not in MOVES.get(before, ()) or here.update(state=to) != 1:
        raise ConflictError("mandate-moved-on")
    mandate.state = to
    record(mandate, by, before)
    drop_proposals(mandate, by)


def record(mandate: Mandate, by: int | None, before: MandateState | None = None) -> None:
    """Write down the mandate as it stands now and tell the other side of it.

    `by` None is the house itself; `before` None a mandate just opened, or changed within its state.
    """
    moved = MandateMove.objects.create(
        mandate=mandate,
        at=clock.now(),
        by_id=by,
        state=mandate.state,
        rights=mandate.rights,
        until=mandate.until,
        passing_on=mandate.passing_on,
        limits=mandate.limits,
        read_only=mandate.read_only,
    )
    tell_of_move(mandate, before, moved)


def drop_proposals(mandate: Mandate, by: int | None) -> None:
    """Let what was proposed about a mandate fall: it has changed meanwhile."""
    Proposal.objects.filter(mandate=mandate, state=ProposalState.OPEN).update(
        state=ProposalState.WITHDRAWN, decided_by=by, decided_at=clock.now()
    )


def expire_mandates() -> None:
    """Move to their end the mandates whose last day has passed and what nobody answered or can.

    Nothing depends on when this runs: a mandate past its day gives nothing anyway.
    """
    unanswered = clock.now() - timedelta(days=settings.MANDATE_ANSWER_DAYS)
    over = Mandate.objects.filter(state=MandateState.ACTIVE, until__lt=clock.today())
    asked = Mandate.objects.exclude(state=MandateState.AWAITING_SECOND)
    over |= asked.filter(state__in=WAITING, created_at__lt=unanswered)
    gone = Q(taxpayer__ended_on__lt=clock.today()) | Q(firm__ended_on__lt=clock.today())
    over |= Mandate.objects.filter(gone, state__in=WAITING)
    for mandate_id in over.values_list("pk", flat=True):
        with transaction.atomic():
            locked = over.select_for_update(of=("self",), skip_locked=True)
            if mandate := locked.filter(pk=mandate_id).first():
                move(mandate, MandateState.EXPIRED, None)


def expire_proposals() -> None:
    """Let what no second administrator has decided on in time fall, with the mandates it offers."""
    overdue = Proposal.objects.overdue(clock.now())
    for proposal_id in overdue.values_list("pk", flat=True):
        with transaction.atomic():
            locked = overdue.select_for_update(of=("self",), skip_locked=True)
            if proposal := locked.select_related("mandate").filter(pk=proposal_id).first():
                proposal.state, proposal.decided_at = ProposalState.EXPIRED, clock.now()
                proposal.save(update_fields=["state", "decided_at"])
                if proposal.mandate and proposal.mandate.state == MandateState.AWAITING_SECOND:
                    move(proposal.mandate, MandateState.EXPIRED, None)
