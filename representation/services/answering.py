"""Answers to what was offered: by the link of a letter, or by the head of the firm."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from representation.models import Mandate, MandateLetter
from representation.services.acting import has_died
from representation.services.granting import MANAGE, lock, refuse_excess, refuse_own, tell
from representation.services.journal import journal_mandate
from representation.services.letters import hash_of
from representation.services.moving import move
from representation.services.proposing import needs_second, propose
from representation.types import Acting, LetterKind, MandateState, ProposalKind


def offered_by_link(user: User, token: str) -> Sequence[Mandate]:
    """Return the offers that a link belongs to, to the person it names and nobody else.

    A letter about a bundle opens all of it that still waits. A used or expired link, an offer taken
    back and another person's link all give nothing.
    """
    letter = (
        MandateLetter.objects.filter(
            token_hash=hash_of(token), kind=LetterKind.OFFER, used_at__isnull=True
        )
        .select_related("mandate")
        .first()
    )
    if letter is None or not user.personal_code_hash:
        return []
    if has_died(user, clock.today()):
        return []
    offered = Mandate.objects.of_bundle(letter.mandate).filter(
        person=user.personal_code_hash, state=MandateState.OFFERED
    )
    found = offered.select_related("taxpayer", "via__firm", "user")
    return [one for one in found.order_by("taxpayer__name", "pk") if _can_be_answered(one)]


@transaction.atomic
def answer_by_link(user: User, token: str, *, accept: bool) -> Sequence[Mandate]:
    """Accept or decline what a link offers, once; else `NotFoundError`, whatever the reason."""
    mandates = offered_by_link(user, token)
    if not mandates:
        raise NotFoundError("link-not-valid")
    letters = MandateLetter.objects.filter(token_hash=hash_of(token), used_at__isnull=True)
    if letters.update(used_at=clock.now()) != 1:
        raise NotFoundError("link-not-valid")
    action = "representation.accepted" if accept else "representation.declined"
    Mandate.objects.filter(pk__in=[one.pk for one in mandates]).update(user=user)
    for mandate in mandates:
        mandate.user = user
        move(mandate, MandateState.ACTIVE if accept else MandateState.DECLINED, user.pk)
        journal_mandate(user, action, mandate)
    return mandates


@transaction.atomic
def answer_for_firm(acting: Acting, mandate_id: UUID, *, accept: bool) -> None:
    """Accept or decline, as the firm acted for, what a client has offered to it."""
    acting.require(MANAGE)
    offered = Mandate.objects.filter(firm_id=acting.taxpayer_id, state=MandateState.OFFERED)
    _answer(acting, offered.filter(pk=mandate_id).first(), accept=accept)


@transaction.atomic
def answer_request(acting: Acting, mandate_id: UUID, *, accept: bool) -> Mandate:
    """Accept or decline, as the taxpayer, what somebody has asked for.

    Nobody accepts what he could not give himself, nor his own request. Where a second
    administrator has to approve, an accepted request still waits for him.
    """
    acting.require(MANAGE)
    lock(acting)
    asked = Mandate.objects.filter(taxpayer_id=acting.taxpayer_id, state=MandateState.REQUESTED)
    mandate = asked.filter(pk=mandate_id).first()
    if mandate is None or not _can_be_answered(mandate):
        raise NotFoundError("mandate-not-found")
    if accept:
        refuse_own(acting, mandate)
        refuse_excess(acting, mandate.rights, mandate.until, mandate.narrowing)
    if accept and needs_second(acting, mandate.rights, mandate.passing_on):
        move(mandate, MandateState.AWAITING_SECOND, acting.user_id)
        propose(acting, ProposalKind.REQUEST, mandate, mandate.terms)
    else:
        _answer(acting, mandate, accept=accept)
    return mandate


@transaction.atomic
def renounce(acting: Acting, mandate_id: UUID) -> None:
    """Let a firm give up what a client has given to it (VA-119, 12.3 p.)."""
    acting.require(MANAGE)
    held = Mandate.objects.filter(firm_id=acting.taxpayer_id, state=MandateState.ACTIVE)
    mandate = held.filter(pk=mandate_id).first()
    if mandate is None:
        raise NotFoundError("mandate-not-found")
    move(mandate, MandateState.RENOUNCED, acting.user_id)
    _tell_both(acting, "representation.renounced", mandate)


def _can_be_answered(mandate: Mandate) -> bool:
    """In time, and both sides exist: who has died or is deregistered neither gives nor takes."""
    today, asker = clock.today(), mandate.user
    if not mandate.is_answerable(clock.now()) or (asker and has_died(asker, today)):
        return False
    above = mandate.via
    firms = [mandate.taxpayer, mandate.firm, above.firm if above else None]
    is_given = above is None or above.state == MandateState.ACTIVE
    return is_given and all(firm.exists_on(today) for firm in firms if firm)


def _answer(acting: Acting, mandate: Mandate | None, *, accept: bool) -> None:
    if mandate is None or not _can_be_answered(mandate):
        raise NotFoundError("mandate-not-found")
    move(mandate, MandateState.ACTIVE if accept else MandateState.DECLINED, acting.user_id)
    action = "representation.accepted" if accept else "representation.declined"
    _tell_both(acting, action, mandate)


def _tell_both(acting: Acting, action: str, mandate: Mandate) -> None:
    """What a firm does is read in its own journal and in its client's."""
    tell(acting, action, mandate)
    if mandate.taxpayer_id != acting.taxpayer_id:
        journal_mandate(User.objects.get(pk=acting.user_id), action, mandate)
