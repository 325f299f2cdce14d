"""Four eyes: what one administrator does and another has to approve first."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ConflictError
from representation import notices, selectors
from representation.limits import as_json
from representation.models import FourEyes, Mandate, Proposal, Taxpayer
from representation.rights import WEIGHTY_RIGHTS
from representation.services.acting import acting_of
from representation.services.journal import journal, mandate_params
from representation.types import Acting, HeldTerms, ProposalKind

_MANAGE = "representation.manage"


def needs_second(acting: Acting, rights: Collection[str], passing_on: int) -> bool:
    """Tell whether giving this waits for a second administrator of the taxpayer acted for.

    Weighty are the rights of administrators and whatever may be passed on; others never wait.
    """
    is_weighty = passing_on > 0 or not WEIGHTY_RIGHTS.isdisjoint(rights)
    return is_weighty and selectors.is_four_eyed(acting.taxpayer_id)


def propose(acting: Acting, kind: ProposalKind, mandate: Mandate, terms: HeldTerms) -> Proposal:
    """Write down what waits for a second administrator, and let the others know."""
    proposal = Proposal.objects.create(
        taxpayer_id=acting.taxpayer_id,
        kind=kind,
        mandate=mandate,
        rights=sorted(terms.rights),
        until=terms.until,
        limits=as_json(terms.narrowing.limits),
        read_only=terms.narrowing.read_only,
        by_id=acting.user_id,
        at=clock.now(),
    )
    told = mandate_params(proposal)
    journal(acting, "representation.proposed", mandate.holder_name, kind=kind, **told)
    _let_know(acting, proposal, mandate.holder_name)
    return proposal


@transaction.atomic
def switch_on(acting: Acting) -> None:
    """Let weighty rights be given by two administrators only, from now on.

    Where there is no second one it would lock the taxpayer out: `ConflictError`.
    """
    acting.require(_MANAGE)
    Taxpayer.objects.select_for_update().get(pk=acting.taxpayer_id)
    if not others_who_approve(acting):
        raise ConflictError("four-eyes-alone")
    _set(acting.taxpayer_id, is_on=True)
    journal(acting, "representation.four-eyes-on")


@transaction.atomic
def propose_switching_off(acting: Acting) -> Proposal:
    """Ask the other administrators to do without the second one; asked already: `ConflictError`."""
    acting.require(_MANAGE)
    Taxpayer.objects.select_for_update().get(pk=acting.taxpayer_id)
    asked = Proposal.objects.open(clock.now()).filter(
        taxpayer_id=acting.taxpayer_id, kind=ProposalKind.OFF
    )
    if not selectors.is_four_eyed(acting.taxpayer_id) or asked.exists():
        raise ConflictError("proposal-moved-on")
    proposal = Proposal.objects.create(
        taxpayer_id=acting.taxpayer_id,
        kind=ProposalKind.OFF,
        by_id=acting.user_id,
        at=clock.now(),
    )
    journal(acting, "representation.proposed", acting.taxpayer_name, kind=proposal.kind)
    _let_know(acting, proposal, acting.taxpayer_name)
    return proposal


def switch_off(acting: Acting, **params: str) -> None:
    """Do without a second administrator, within the transaction of whoever may decide that."""
    _set(acting.taxpayer_id, is_on=False)
    journal(acting, "representation.four-eyes-off", **params)


def others_who_approve(acting: Acting) -> list[User]:
    """Return everybody else who administers the taxpayer's representatives at this moment."""
    taxpayer, now = Taxpayer.objects.get(pk=acting.taxpayer_id), clock.now()
    found = selectors.people_with(acting.taxpayer_id, _MANAGE, clock.today())
    possible = {one: acting_of(one, taxpayer, now) for one in found.exclude(pk=acting.user_id)}
    return [one for one, his in possible.items() if his is not None and his.may(_MANAGE)]


def _set(taxpayer_id: int, *, is_on: bool) -> None:
    FourEyes.objects.update_or_create(
        taxpayer_id=taxpayer_id, defaults={"is_on": is_on, "changed_at": clock.now()}
    )


def _let_know(acting: Acting, proposal: Proposal, name: str) -> None:
    notices.post(
        acting.taxpayer_id,
        f"waits-for-second.{proposal.pk}",
        "representation.waits-for-second",
        "representation:representatives",
        name=name,
        proposer=User.objects.get(pk=acting.user_id).full_name,
    )
