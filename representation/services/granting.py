"""Giving rights, taking them back, and choosing whom to act for."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, NotFoundError, UnprocessableError
from representation import limits
from representation.chains import Chain, chains_of
from representation.models import Choice, Mandate, Taxpayer
from representation.services.acting import acting_of
from representation.services.journal import journal, mandate_params
from representation.services.moving import drop_proposals, move, record
from representation.services.proposing import needs_second, propose
from representation.types import (
    WHOLE,
    Acting,
    HeldTerms,
    MandateState,
    Narrowing,
    ProposalKind,
    WhyKind,
)

MANAGE = "representation.manage"


def given_by(acting: Acting, mandate_id: UUID) -> Mandate:
    """Return a mandate in force that the taxpayer acted for has itself given."""
    acting.require(MANAGE)
    given = Mandate.objects.in_force(clock.today()).filter(via__isnull=True)
    mandate = given.filter(pk=mandate_id, taxpayer_id=acting.taxpayer_id).first()
    if mandate is None:
        raise NotFoundError("mandate-not-found")
    return mandate


@transaction.atomic
def revoke(acting: Acting, mandate_id: UUID) -> None:
    """Take a mandate back; it is gone at the person's next request (VA-119, 12.2 p.)."""
    lock(acting)
    _revoke(acting, given_by(acting, mandate_id))


@transaction.atomic
def give_up(acting: Acting) -> None:
    """Let a representative give up every mandate that names him (VA-119, 12.3 p.)."""
    lock(acting)
    person = User.objects.get(pk=acting.user_id)
    own = Mandate.objects.in_force(clock.today()).of_person(person)
    found = list(own.filter(taxpayer_id=acting.taxpayer_id))
    if not found:
        raise ForbiddenError("nothing-to-give-up")
    for mandate in found:
        move(mandate, MandateState.RENOUNCED, acting.user_id)
        tell(acting, "representation.renounced", mandate)


@transaction.atomic
def change_mandate(
    acting: Acting,
    mandate_id: UUID,
    rights: Collection[str],
    until: date,
    narrowing: Narrowing | None = None,
) -> Mandate:
    """Make these the rights of a mandate in force and this its last day; none at all revokes it.

    Rights that the person changing it has not himself stay as they were, and so does what the
    mandate is narrowed by, unless another narrowing is given. What is read only stays so until
    somebody says otherwise: more rights to look are all it can be given. Where a second
    administrator has to approve, what is taken away is taken at once and the rest waits.
    """
    lock(acting)
    mandate = given_by(acting, mandate_id)
    narrowing = narrowing or mandate.narrowing
    wanted = (set(rights) & acting.rights) | (set(mandate.rights) - acting.rights)
    wanted &= limits.rights_left(wanted, narrowing)
    if not wanted:
        if set(rights) & acting.rights:
            raise UnprocessableError("mandate-without-rights")
        _revoke(acting, mandate)
        return mandate
    refuse_own(acting, mandate)
    to = HeldTerms(sorted(wanted), until, narrowing)
    is_wider = refuse_wider(acting, mandate, to)
    if is_wider and needs_second(acting, to.rights, mandate.passing_on):
        _propose_change(acting, mandate, to)
    elif to != mandate.terms:
        set_terms(acting, mandate, to)
    return mandate


def set_terms(acting: Acting, mandate: Mandate, to: HeldTerms) -> None:
    """Make these the terms of a mandate; what was proposed about it before falls."""
    mandate.rights, mandate.until = list(to.rights), to.until
    mandate.narrow(to.narrowing)
    mandate.save(update_fields=["rights", "until", "limits", "read_only"])
    record(mandate, acting.user_id)
    drop_proposals(mandate, acting.user_id)
    tell(acting, "representation.changed", mandate)


def refuse_wider(acting: Acting, mandate: Mandate, to: HeldTerms) -> bool:
    """Refuse a change to more than the one acting may give; tell whether it is to more at all."""
    added = set(to.rights) - set(mandate.rights)
    if _is_wider(to.narrowing, mandate.narrowing):
        added = set(to.rights)
    is_wider = bool(added) or to.until > mandate.until
    refuse_excess(acting, added, to.until if is_wider else clock.today(), to.narrowing)
    return is_wider


def _propose_change(acting: Acting, mandate: Mandate, to: HeldTerms) -> None:
    """Taking away never waits: only what is added does, and a later day."""
    meanwhile = _common(mandate.terms, to)
    if not meanwhile.rights:
        raise UnprocessableError("change-in-two-steps")
    if meanwhile != mandate.terms:
        set_terms(acting, mandate, meanwhile)
    drop_proposals(mandate, acting.user_id)
    propose(acting, ProposalKind.CHANGE, mandate, to)


def _common(before: HeldTerms, after: HeldTerms) -> HeldTerms:
    """What a mandate gives by both terms."""
    both = (before.narrowing, after.narrowing)
    narrowing = Narrowing(
        limits.narrowed(one.limits for one in both), any(one.read_only for one in both)
    )
    rights = limits.rights_left(set(before.rights) & set(after.rights), narrowing)
    return HeldTerms(sorted(rights), min(before.until, after.until), narrowing)


@transaction.atomic
def choose_taxpayer(user: User, code: str) -> Acting:
    """Choose whom to act for (VA-119, 13 p.); no mandate, or no such code: `NotFoundError`."""
    now = clock.now()
    taxpayer = Taxpayer.objects.by_code(code.strip()).first()
    acting = acting_of(user, taxpayer, now) if taxpayer else None
    if acting is None:
        raise NotFoundError("taxpayer-not-yours")
    Choice.objects.update_or_create(user=user, taxpayer_id=acting.taxpayer_id, defaults={"at": now})
    return acting


def lock(acting: Acting) -> None:
    """One change of a taxpayer's representatives at a time."""
    Taxpayer.objects.select_for_update().get(pk=acting.taxpayer_id)


def _revoke(acting: Acting, mandate: Mandate) -> None:
    move(mandate, MandateState.REVOKED, acting.user_id)
    tell(acting, "representation.revoked", mandate)


def tell(acting: Acting, action: str, mandate: Mandate) -> None:
    """Write into the journal what was done to a mandate."""
    journal(acting, action, mandate.holder_name, **mandate_params(mandate))


def _is_wider(narrowing: Narrowing, before: Narrowing) -> bool:
    """Whether anything becomes possible that was not, so that the giver must have all of it."""
    if before.read_only and not narrowing.read_only:
        return True
    return not limits.contains(before.limits, narrowing.limits)


def refuse_own(acting: Acting, mandate: Mandate) -> None:
    """Refuse to let a person decide on a mandate that names himself."""
    if User.objects.filter(pk=acting.user_id, personal_code_hash=mandate.person).exists():
        raise ForbiddenError("grant-to-oneself")


def refuse_excess(
    acting: Acting, rights: Collection[str], until: date, narrowing: Narrowing = WHOLE
) -> None:
    """Refuse to give a right the giver has not, or wider or longer than he or the house allows."""
    for right in rights:
        acting.require(right)
        if not limits.covered(acting.limits_of(right), limits.of_right(narrowing.limits, right)):
            raise ForbiddenError("limit-wider-than-yours", right=right)
    today = clock.today()
    if until < today:
        raise UnprocessableError("grant-ends-in-the-past")
    last = today + timedelta(days=settings.MANDATE_MAX_DAYS)
    if until > last:
        raise UnprocessableError("grant-too-long", last=last.isoformat())
    own_end = _own_end(acting, rights, narrowing)
    if own_end is not None and until > own_end:
        raise UnprocessableError("grant-outlives-yours", until=own_end.isoformat())


def _own_end(acting: Acting, rights: Collection[str], narrowing: Narrowing) -> date | None:
    """The last day the giver himself has all of this; None for the head and for oneself."""
    if acting.why.kind not in {WhyKind.GRANT, WhyKind.FIRM}:
        return acting.why.until
    giver = User.objects.get(pk=acting.user_id)
    chains = chains_of(giver, [acting.taxpayer_id], clock.today())
    return min(
        max((chain.until for chain in chains if _gives(chain, right, narrowing)), default=date.max)
        for right in {*rights, MANAGE}
    )


def _gives(chain: Chain, right: str, narrowing: Narrowing) -> bool:
    """Whether a chain gives a right so widely."""
    wanted, own = (limits.of_right(one, right) for one in (narrowing.limits, chain.limits))
    return right in chain.rights and limits.contains(own, wanted)
