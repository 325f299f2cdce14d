"""Many mandates passed on, or ended, by one act: all of them or none."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    NotFoundError,
    UnprocessableError,
)
from representation.models import Mandate, MandateMove
from representation.rights import WEIGHTY_RIGHTS
from representation.services.granting import MANAGE, lock, tell
from representation.services.letters import post_offer
from representation.services.moving import move
from representation.services.offering import NewPerson, Terms, refuse_too_many, terms_within
from representation.services.proposing import needs_second
from representation.types import WAITING, Acting, MandateSource, MandateState

_Pair = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person to whom mandates are passed on: known already, or named just now."""

    name: str
    email: str
    fingerprint: str

    @classmethod
    def of(cls, person: NewPerson) -> "Addressee":
        """Return somebody who was named just now."""
        return cls(person.name.strip(), person.email.strip(), person.fingerprint)


@dataclass(frozen=True, slots=True)
class Order:
    """One client's mandate, by the id of what the firm holds, to be passed on to one person."""

    mandate_id: UUID
    person: Addressee
    terms: Terms


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of an order: the mandate and terms that are left, or why it is refused."""

    order: Order
    above: Mandate | None
    terms: Terms
    refusal: DomainError | None = None


def held_to_pass_on(acting: Acting) -> Sequence[Mandate]:
    """Return what the firm acted for holds and may pass on, by client."""
    acting.require(MANAGE)
    held = Mandate.objects.in_force(clock.today()).filter(firm_id=acting.taxpayer_id)
    found = held.filter(passing_on__gt=0).select_related("taxpayer")
    return list(found.order_by("taxpayer__name", "pk"))


def people_of(acting: Acting) -> Mapping[UUID, Addressee]:
    """Return those to whom the firm has passed something on, by the id of the newest mandate."""
    acting.require(MANAGE)
    passed = Mandate.objects.filter(via__firm_id=acting.taxpayer_id).exclude(person="")
    newest = passed.order_by("person", "-created_at", "pk").distinct("person")
    people = {one.pk: Addressee(one.person_name, one.email, one.person) for one in newest}
    return dict(sorted(people.items(), key=lambda item: (item[1].name, item[0])))


def as_far_as_held(above: Mandate, terms: Terms) -> Terms:
    """Return terms cut down to what the firm holds of one client: its rights, its last day."""
    rights = [right for right in terms.rights if right in above.rights]
    return replace(terms, rights=rights, until=min(terms.until, above.until))


def plan(acting: Acting, orders: Sequence[Order]) -> list[Planned]:
    """Tell of each order what would become of it, in three queries; nothing is written.

    More than `MANDATE_BULK_ROWS` are `UnprocessableError`.
    """
    acting.require(MANAGE)
    if len(orders) > settings.MANDATE_BULK_ROWS:
        raise UnprocessableError("bulk-too-many", limit=str(settings.MANDATE_BULK_ROWS))
    held = {one.pk: one for one in held_to_pass_on(acting)}
    given = _given(acting)
    weighty = WEIGHTY_RIGHTS if needs_second(acting, WEIGHTY_RIGHTS, 0) else frozenset()
    return [
        _with_second(_planned(order, held.get(order.mandate_id), given), weighty)
        for order in orders
    ]


@transaction.atomic
def pass_on_together(
    acting: Acting, orders: Sequence[Order], source: MandateSource
) -> Sequence[Mandate]:
    """Pass all of these on, or none: each person gets one letter, whose link answers them all.

    An order that cannot be carried out is `UnprocessableError("bulk-refused")`; `plan` tells which.
    """
    acting.require(MANAGE)
    lock(acting)
    planned = plan(acting, orders)
    if not planned or any(one.refusal for one in planned):
        raise UnprocessableError("bulk-refused")
    bundles: dict[str, UUID] = defaultdict(uuid.uuid4)
    mandates = [_mandate(one, bundles[one.order.person.fingerprint], source) for one in planned]
    refuse_too_many(acting, len(bundles))
    _store(acting, Mandate.objects.bulk_create(mandates))
    return mandates


@transaction.atomic
def end_together(acting: Acting, mandate_ids: Collection[UUID]) -> int:
    """Take back at once what the firm has passed on, accepted or not, all of it or nothing."""
    acting.require(MANAGE)
    lock(acting)
    mandates = passed_on_of(acting, mandate_ids)
    for mandate in mandates:
        is_open = mandate.state in WAITING
        move(mandate, MandateState.WITHDRAWN if is_open else MandateState.REVOKED, acting.user_id)
        action = "representation.withdrawn" if is_open else "representation.revoked"
        tell(acting, action, mandate)
    return len(mandates)


def passed_on_of(acting: Acting, mandate_ids: Collection[UUID]) -> Sequence[Mandate]:
    """Return these mandates that the firm has passed on and that have not ended.

    One that is not there, or not the firm's, makes all of them `NotFoundError`.
    """
    acting.require(MANAGE)
    wanted = set(mandate_ids)
    if len(wanted) > settings.MANDATE_BULK_ROWS:
        raise UnprocessableError("bulk-too-many", limit=str(settings.MANDATE_BULK_ROWS))
    passed = Mandate.objects.filter(via__firm_id=acting.taxpayer_id, pk__in=wanted)
    open_ = passed.filter(state__in=[MandateState.ACTIVE, *WAITING])
    found = open_.select_related("taxpayer", "user", "firm", "via__firm")
    mandates = list(found.order_by("taxpayer__name", "person_name", "pk"))
    if not wanted or len(mandates) != len(wanted):
        raise NotFoundError("mandate-not-found")
    return mandates


def _given(acting: Acting) -> dict[_Pair, set[str]]:
    """What the firm has passed on to people and not ended, by mandate and person."""
    passed = Mandate.objects.filter(
        via__firm_id=acting.taxpayer_id,
        until__gte=clock.today(),
        state__in=[MandateState.ACTIVE, *WAITING],
    )
    given: dict[_Pair, set[str]] = defaultdict(set)
    for via, person, rights in passed.values_list("via_id", "person", "rights"):
        given[via, person].update(rights)
    return given


def _planned(order: Order, above: Mandate | None, given: dict[_Pair, set[str]]) -> Planned:
    """Judge one order after those before it, so that the same is not given twice in one list."""
    try:
        if above is None:
            raise NotFoundError("mandate-not-found")
        if not order.terms.given:
            raise ForbiddenError("right-missing", right="")
        terms = terms_within(above, order.terms)
        pair = (above.pk, order.person.fingerprint)
        if given[pair].intersection(terms.given):
            raise ConflictError("right-already-given")
    except DomainError as refusal:
        return Planned(order, above, order.terms, refusal)
    given[pair].update(terms.given)
    return Planned(order, above, terms)


def _with_second(planned: Planned, weighty: Collection[str]) -> Planned:
    """Refuse what a second administrator has to approve: that is looked at one by one."""
    if planned.refusal is None and set(planned.terms.given).intersection(weighty):
        return replace(planned, refusal=ConflictError("bulk-needs-second"))
    return planned


def _mandate(planned: Planned, bundle: UUID, source: MandateSource) -> Mandate:
    person, terms, above = planned.order.person, planned.terms, planned.above
    assert above is not None  # noqa: S101 - what has none is refused
    mandate = Mandate(
        taxpayer=above.taxpayer,
        via=above,
        person=person.fingerprint,
        person_name=person.name,
        email=person.email,
        rights=terms.given,
        since=clock.today(),
        until=terms.until,
        passing_on=terms.passing_on,
        bundle=bundle,
        source=source,
        state=MandateState.OFFERED,
        created_at=clock.now(),
    )
    mandate.narrow(terms.narrowing)
    return mandate


def _store(acting: Acting, mandates: Sequence[Mandate]) -> None:
    """Write what every offer leaves behind: its first move, the journal, one letter a person."""
    now, language = clock.now(), User.objects.get(pk=acting.user_id).language
    MandateMove.objects.bulk_create(
        MandateMove(
            mandate=one,
            at=now,
            by_id=acting.user_id,
            state=one.state,
            rights=one.rights,
            until=one.until,
            passing_on=one.passing_on,
            limits=one.limits,
            read_only=one.read_only,
        )
        for one in mandates
    )
    written = set[str]()
    for one in mandates:
        tell(acting, "representation.offered", one)
        if one.person not in written:
            written.add(one.person)
            post_offer(one, language)
