"""Mandates offered by a taxpayer, or passed on by a firm, until they are accepted or end."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Coalesce

from accounts.encryption import lookup_hash
from accounts.models import User
from accounts.models.identities import foreign_hash
from imas.kernel import clock
from imas.kernel.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    ThrottledError,
    UnprocessableError,
)
from representation import limits
from representation.models import DEEPEST, Mandate, Taxpayer
from representation.services.granting import MANAGE, lock, refuse_excess, tell
from representation.services.letters import post_offer
from representation.services.moving import move, record
from representation.services.proposing import needs_second, propose
from representation.types import (
    WAITING,
    WHOLE,
    Acting,
    MandateSource,
    MandateState,
    Narrowing,
    ProposalKind,
    TaxpayerKind,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is given: rights till a day (included), to be passed on so many times, and how narrow.

    Of rights that are to be read only, those to look are given.
    """

    rights: Collection[str]
    until: date
    passing_on: int = 0
    narrowing: Narrowing = WHOLE

    @property
    def given(self) -> list[str]:
        """The rights of which the narrowing leaves anything, in order."""
        return sorted(limits.rights_left(self.rights, self.narrowing))


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person as he is named before anybody has looked whether i.MAS knows him.

    Who has no Lithuanian personal code is named by his country and the code it gives him.
    """

    name: str
    personal_code: str
    email: str
    country: str = ""
    foreign_code: str = ""

    @property
    def fingerprint(self) -> str:
        """What the person is known by in registers and mandates."""
        if self.country:
            return foreign_hash(self.country, self.foreign_code)
        return lookup_hash(self.personal_code.strip())


@transaction.atomic
def offer(acting: Acting, holder: NewPerson | str, terms: Terms) -> Mandate:
    """Offer a mandate to a person, or to the firm with this code (VA-119, 6.2 and 6.3 p.).

    A person gets a letter with a link, a firm's head sees the offer in the firm's pages; whether
    i.MAS knows the person is not told. Nobody gives more, longer or deeper than he has. Where a
    second administrator has to approve it, nobody learns of it before.
    """
    acting.require(MANAGE)
    _refuse_terms(acting, terms)
    lock(acting)
    mandate = _addressed(Mandate(taxpayer_id=acting.taxpayer_id), holder)
    _refuse_holder(acting, mandate)
    return _open(acting, mandate, terms)


@transaction.atomic
def pass_on(acting: Acting, mandate_id: UUID, holder: NewPerson | str, terms: Terms) -> Mandate:
    """Pass on what a client has given to the firm acted for (VA-119, 6.3 p.).

    What is passed on is no wider, longer or deeper than what the firm holds, and ends with it.
    """
    acting.require(MANAGE)
    above = held_by(acting, mandate_id)
    terms = terms_within(above, terms)
    lock(acting)
    passed = Mandate(taxpayer_id=above.taxpayer_id, via=above)
    mandate = _addressed(passed, holder)
    if mandate.firm_id in {above.taxpayer_id, acting.taxpayer_id}:
        raise ForbiddenError("grant-to-oneself")
    return _open(acting, mandate, terms)


@transaction.atomic
def withdraw(acting: Acting, mandate_id: UUID) -> None:
    """Take back an offer or a request that is not answered yet, one's own or the firm's."""
    acting.require(MANAGE)
    own = Mandate.objects.filter(pk=mandate_id, state__in=WAITING)
    asked = own.filter(source=MandateSource.REQUEST)
    mandate = (
        own.exclude(source=MandateSource.REQUEST)
        .filter(taxpayer_id=acting.taxpayer_id, via__isnull=True)
        .first()
        or own.filter(via__firm_id=acting.taxpayer_id).first()
        or asked.filter(firm_id=acting.taxpayer_id).first()
    )
    if mandate is None:
        raise NotFoundError("mandate-not-found")
    move(mandate, MandateState.WITHDRAWN, acting.user_id)
    tell(acting, "representation.withdrawn", mandate)


@transaction.atomic
def end_passed_on(acting: Acting, mandate_id: UUID) -> None:
    """Let the firm that passed a mandate on take it back at once."""
    acting.require(MANAGE)
    passed = Mandate.objects.filter(pk=mandate_id, via__firm_id=acting.taxpayer_id)
    mandate = passed.filter(state=MandateState.ACTIVE).first()
    if mandate is None:
        raise NotFoundError("mandate-not-found")
    move(mandate, MandateState.REVOKED, acting.user_id)
    tell(acting, "representation.revoked", mandate)


def held_by(acting: Acting, mandate_id: UUID) -> Mandate:
    """Return a mandate that names the firm acted for; others are not found."""
    acting.require(MANAGE)
    held = Mandate.objects.filter(firm_id=acting.taxpayer_id).select_related("taxpayer")
    mandate = held.filter(pk=mandate_id).first()
    if mandate is None:
        raise NotFoundError("mandate-not-found")
    return mandate


def _addressed(mandate: Mandate, holder: NewPerson | str) -> Mandate:
    """Name the representative: an existing firm by code, or a person whoever he is."""
    if isinstance(holder, str):
        firms = Taxpayer.objects.existing_on(clock.today()).exclude(kind=TaxpayerKind.NATURAL)
        mandate.firm = firms.by_code(holder.strip()).first()
        if mandate.firm is None:
            raise NotFoundError("firm-not-found")
        return mandate
    mandate.person = holder.fingerprint
    mandate.person_name, mandate.email = holder.name.strip(), holder.email.strip()
    return mandate


def terms_within(above: Mandate, terms: Terms) -> Terms:
    """Return what can be passed on of a mandate, narrowed by what narrows it; more is refused."""
    if above.state != MandateState.ACTIVE or terms.passing_on >= above.passing_on:
        raise ForbiddenError("mandate-not-to-be-passed-on")
    if excess := set(terms.given) - set(above.rights):
        raise ForbiddenError("right-missing", right=min(excess))
    _refuse_days(terms.until, above.until)
    held, wanted = above.narrowing, terms.narrowing
    narrowing = Narrowing(
        limits.narrowed([held.limits, wanted.limits]), held.read_only or wanted.read_only
    )
    if not all(narrowing.limits.values()):
        raise UnprocessableError("limit-outside")
    within = replace(terms, narrowing=narrowing)
    if not within.given:
        raise UnprocessableError("mandate-without-rights")
    return within


def _open(acting: Acting, mandate: Mandate, terms: Terms) -> Mandate:
    _refuse_repeated(acting, mandate, terms)
    mandate.rights, mandate.since, mandate.until = terms.given, clock.today(), terms.until
    mandate.narrow(terms.narrowing)
    mandate.passing_on, mandate.source = terms.passing_on, MandateSource.OFFER
    is_held = needs_second(acting, mandate.rights, mandate.passing_on)
    mandate.state = MandateState.AWAITING_SECOND if is_held else MandateState.OFFERED
    mandate.created_at = clock.now()
    mandate.save(force_insert=True)
    record(mandate, acting.user_id)
    if is_held:
        kind = ProposalKind.PASSED_ON if mandate.via else ProposalKind.OFFER
        propose(acting, kind, mandate, mandate.terms)
    else:
        send_out(acting, mandate)
    return mandate


def send_out(acting: Acting, mandate: Mandate) -> None:
    """Let the holder of an offer learn of it: a person by a letter."""
    tell(acting, "representation.offered", mandate)
    if mandate.person:
        post_offer(mandate, User.objects.get(pk=acting.user_id).language)


def may_be_passed_on(above: Mandate, below: Mandate) -> bool:
    """Tell whether a mandate in force still gives all that is to be passed on of it."""
    is_in_force = above.state == MandateState.ACTIVE and clock.today() <= above.until
    is_within = (
        set(below.rights) <= set(above.rights)
        and below.until <= above.until
        and limits.contains(above.narrowing.limits, below.narrowing.limits)
    )
    return is_in_force and is_within and below.passing_on < above.passing_on


def _refuse_terms(acting: Acting, terms: Terms) -> None:
    refuse_excess(acting, terms.given, terms.until, terms.narrowing)
    if not terms.given or not 0 <= terms.passing_on <= DEEPEST:
        raise UnprocessableError("mandate-without-rights")


def _refuse_days(until: date, last: date) -> None:
    if until < clock.today():
        raise UnprocessableError("grant-ends-in-the-past")
    if until > last:
        raise UnprocessableError("grant-outlives-yours", until=last.isoformat())


def _refuse_holder(acting: Acting, mandate: Mandate) -> None:
    giver = User.objects.get(pk=acting.user_id)
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    is_itself = taxpayer.kind == TaxpayerKind.NATURAL and mandate.person == lookup_hash(
        taxpayer.code
    )
    is_giver = mandate.person != "" and mandate.person == giver.personal_code_hash
    if mandate.firm_id == taxpayer.pk or is_itself or is_giver:
        raise ForbiddenError("grant-to-oneself")


def _refuse_repeated(acting: Acting, mandate: Mandate, terms: Terms) -> None:
    """The same right twice is refused; so are too many offers that nobody has answered."""
    alike = Mandate.objects.filter(
        taxpayer_id=mandate.taxpayer_id,
        person=mandate.person,
        firm=mandate.firm,
        via=mandate.via,
        rights__overlap=terms.given,
        until__gte=clock.today(),
    )
    if alike.filter(state__in=[MandateState.ACTIVE, *WAITING]).exists():
        raise ConflictError("right-already-given")
    refuse_too_many(acting, 1)


def refuse_too_many(acting: Acting, more: int) -> None:
    """Refuse more offers than may wait for an answer; a bundle is one, however many it holds."""
    fresh = clock.now() - timedelta(days=settings.MANDATE_ANSWER_DAYS)
    offered = [MandateState.OFFERED, MandateState.AWAITING_SECOND]
    unanswered = Mandate.objects.filter(state__in=offered, created_at__gt=fresh)
    own = unanswered.filter(taxpayer_id=acting.taxpayer_id) | unanswered.filter(
        via__firm_id=acting.taxpayer_id
    )
    asked = own.aggregate(asked=Count(Coalesce("bundle", "id"), distinct=True))["asked"]
    if asked + more > settings.MANDATE_OPEN_OFFERS:
        raise ThrottledError("too-many-offers", retry_after="86400")
