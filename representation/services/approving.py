"""The second pair of eyes: what another administrator has proposed is approved or declined."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from representation.models import Mandate, Proposal, Taxpayer
from representation.services.acting import acting_of
from representation.services.granting import (
    MANAGE,
    given_by,
    lock,
    refuse_excess,
    refuse_own,
    refuse_wider,
    set_terms,
    tell,
)
from representation.services.journal import journal, mandate_params
from representation.services.moving import move
from representation.services.offering import may_be_passed_on, send_out
from representation.services.proposing import switch_off
from representation.types import Acting, MandateState, ProposalKind, ProposalState


@transaction.atomic
def approve(acting: Acting, proposal_id: UUID) -> Proposal:
    """Let hold what another administrator has proposed; what it says is judged anew by one's own.

    Not by the proposer himself (`ForbiddenError`), nor for one who administers nothing any more.
    """
    acting.require(MANAGE)
    lock(acting)
    proposal = _undecided(acting, proposal_id)
    if proposal.by_id == acting.user_id:
        raise ForbiddenError("second-person-needed")
    _refuse_gone(proposal)
    _decide(acting, proposal, ProposalState.APPROVED)
    if proposal.mandate is None:
        switch_off(acting, proposed_by=proposal.by.full_name)
        return proposal
    _refuse_interested(acting, proposal.mandate)
    _journal(acting, "representation.approved", proposal)
    _EFFECTS[ProposalKind(proposal.kind)](acting, proposal, proposal.mandate)
    return proposal


@transaction.atomic
def decline(acting: Acting, proposal_id: UUID) -> Proposal:
    """Let what was proposed fall: another administrator declines it, the proposer takes it back.

    A request that its proposer does not want to accept any more waits for an answer again.
    """
    acting.require(MANAGE)
    lock(acting)
    proposal = _undecided(acting, proposal_id)
    is_own = proposal.by_id == acting.user_id
    _decide(acting, proposal, ProposalState.WITHDRAWN if is_own else ProposalState.DECLINED)
    mandate = proposal.mandate
    if mandate and mandate.state == MandateState.AWAITING_SECOND:
        move(mandate, _after_no(proposal, is_own=is_own), acting.user_id)
    deed = "representation.proposal-withdrawn" if is_own else "representation.proposal-declined"
    _journal(acting, deed, proposal)
    return proposal


def _undecided(acting: Acting, proposal_id: UUID) -> Proposal:
    undecided = Proposal.objects.open(clock.now()).filter(taxpayer_id=acting.taxpayer_id)
    proposal = undecided.select_related("mandate", "by").filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFoundError("proposal-not-found")
    return proposal


def _refuse_gone(proposal: Proposal) -> None:
    """Two administrators are needed at the moment when it begins to hold."""
    taxpayer = Taxpayer.objects.get(pk=proposal.taxpayer_id)
    proposer = acting_of(proposal.by, taxpayer, clock.now())
    if proposer is None or not proposer.may(MANAGE):
        raise ConflictError("proposer-gone")


def _refuse_interested(acting: Acting, mandate: Mandate) -> None:
    """Whoever would have the rights himself, or by a firm he administers, is no second person."""
    refuse_own(acting, mandate)
    if mandate.firm is None:
        return
    held = acting_of(User.objects.get(pk=acting.user_id), mandate.firm, clock.now())
    if held is not None and held.may(MANAGE):
        raise ForbiddenError("grant-to-oneself")


def _decide(acting: Acting, proposal: Proposal, state: ProposalState) -> None:
    proposal.state, proposal.decided_at = state, clock.now()
    proposal.decided_by = User.objects.get(pk=acting.user_id)
    proposal.save(update_fields=["state", "decided_at", "decided_by"])


def _after_no(proposal: Proposal, *, is_own: bool) -> MandateState:
    if not is_own:
        return MandateState.DECLINED
    is_request = proposal.kind == ProposalKind.REQUEST
    return MandateState.REQUESTED if is_request else MandateState.WITHDRAWN


def _offered(acting: Acting, _proposal: Proposal, mandate: Mandate) -> None:
    refuse_excess(acting, mandate.rights, mandate.until, mandate.narrowing)
    _go_out(acting, mandate)


def _passed_on(acting: Acting, _proposal: Proposal, mandate: Mandate) -> None:
    if mandate.via is None or not may_be_passed_on(mandate.via, mandate):
        raise ConflictError("mandate-moved-on")
    _go_out(acting, mandate)


def _go_out(acting: Acting, mandate: Mandate) -> None:
    """The days to answer are counted from when the holder can."""
    mandate.created_at = clock.now()
    mandate.save(update_fields=["created_at"])
    move(mandate, MandateState.OFFERED, acting.user_id)
    send_out(acting, mandate)


def _accepted(acting: Acting, _proposal: Proposal, mandate: Mandate) -> None:
    refuse_excess(acting, mandate.rights, mandate.until, mandate.narrowing)
    move(mandate, MandateState.ACTIVE, acting.user_id)
    tell(acting, "representation.accepted", mandate)


def _changed(acting: Acting, proposal: Proposal, mandate: Mandate) -> None:
    given = given_by(acting, mandate.pk)
    assert proposal.terms is not None  # noqa: S101 - a constraint of the table
    refuse_wider(acting, given, proposal.terms)
    set_terms(acting, given, proposal.terms)


_EFFECTS: dict[ProposalKind, Callable[[Acting, Proposal, Mandate], None]] = {
    ProposalKind.OFFER: _offered,
    ProposalKind.PASSED_ON: _passed_on,
    ProposalKind.REQUEST: _accepted,
    ProposalKind.CHANGE: _changed,
}


def _journal(acting: Acting, action: str, proposal: Proposal) -> None:
    """Both people stand in the entry: who decides, and who had proposed it."""
    subject = proposal.mandate.holder_name if proposal.mandate else acting.taxpayer_name
    journal(
        acting,
        action,
        subject,
        kind=proposal.kind,
        **mandate_params(proposal),
        proposed_by=proposal.by.full_name,
    )
