"""Reads about mandates."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Lower

from accounts.models import ApiKey, Certificate, User
from imas.kernel import clock
from representation import chains
from representation.chains import Chain, chains_from, chains_of
from representation.models import (
    Accountant,
    Choice,
    FourEyes,
    Headship,
    JournalEntry,
    Mandate,
    Proposal,
    Taxpayer,
    TaxpayerQuerySet,
    VatRegistration,
)
from representation.rights import ACCOUNTANT_RIGHTS, EVERY_RIGHT
from representation.types import MandateSource, MandateState, TaxpayerKind, Why, WhyKind

RECENT = 8
_LETTERS = "ąčęėįšųūž"
_PLAIN = "aceeisuuz"


@dataclass(frozen=True, slots=True)
class Representative:
    """A person and what gives him each of his rights, by the name of the right."""

    user: User
    whys: dict[str, Why]
    mandate_ids: tuple[UUID, ...] = ()
    """The mandates the taxpayer itself has given to this person: those it can change."""


def taxpayers_of(user: User, day: date) -> TaxpayerQuerySet:
    """Return the taxpayers this person may act for on this day (VA-119, 13 p.), by name."""
    return Taxpayer.objects.existing_on(day).filter(pk__in=chains.clients_of(user, day))


def choices_of(user: User, day: date, text: str = "") -> TaxpayerQuerySet:
    """Return the same with VAT codes, the recently chosen first, those that fit what was typed.

    Letters of a name fit with or without their marks; codes fit from their beginning.
    """
    chosen = Choice.objects.filter(user=user, taxpayer=OuterRef("pk")).values("at")
    found = taxpayers_of(user, day).with_vat_on(day).annotate(chosen_at=Subquery(chosen))
    if text := text.strip():
        vat = VatRegistration.objects.filter(taxpayer=OuterRef("pk"), vat_code__istartswith=text)
        found = found.annotate(plain_name=_plain(Lower("name"))).filter(
            Q(plain_name__contains=_plain(Value(text.lower())))
            | Q(code__startswith=text)
            | Q(Exists(vat))
        )
    return found.order_by(F("chosen_at").desc(nulls_last=True), "name", "pk")


def why_of(user: User, taxpayers: Iterable[Taxpayer], day: date) -> dict[int, Why]:
    """Return by taxpayer id in what capacity the person acts, in three queries."""
    pks = [taxpayer.pk for taxpayer in taxpayers]
    held = {"person": user.personal_code_hash, "taxpayer__in": pks}
    ways: dict[int, list[Chain]] = defaultdict(list)
    for chain in chains_of(user, pks, day):
        ways[chain.taxpayer_id].append(chain)
    whys = {pk: chains.why_of(found) for pk, found in ways.items()}
    for post in Accountant.objects.on(day).filter(**held):
        whys.setdefault(post.taxpayer_id, Why(WhyKind.ACCOUNTANT, post.since, post.until))
    for head in Headship.objects.on(day).filter(**held):
        whys[head.taxpayer_id] = Why(WhyKind.HEAD, head.since, head.until)
    return {pk: whys.get(pk, Why(WhyKind.SELF)) for pk in pks}


def people_with(taxpayer_id: int, right: str, day: date) -> QuerySet[User]:
    """Return the active people who have this right for this taxpayer on this day."""
    holders = Q(personal_code_hash__in=chains.people_with(taxpayer_id, right, day))
    if right in ACCOUNTANT_RIGHTS:
        posts = Accountant.objects.on(day).filter(taxpayer_id=taxpayer_id)
        holders |= Q(personal_code_hash__in=posts.values("person"))
    holders |= Q(pk__in=_self_of(taxpayer_id).values("pk"))
    exists = Exists(Taxpayer.objects.existing_on(day).filter(pk=taxpayer_id))
    found = User.objects.filter(holders, exists, is_active=True)
    return User.objects.filter(pk__in=[user.pk for user in living(found, day)])


def living(users: Iterable[User], day: date) -> list[User]:
    """Return those of whom the register does not say that they have died, in one query.

    Personal codes are encrypted, so the two tables cannot be joined where they lie.
    """
    people = {user.personal_code: user for user in users if user.personal_code}
    dead = Taxpayer.objects.filter(code__in=people, kind=TaxpayerKind.NATURAL, ended_on__lt=day)
    gone = {people[code].pk for code in dead.values_list("code", flat=True)}
    return [user for user in users if user.pk not in gone]


def representatives_of(taxpayer_id: int, day: date) -> list[Representative]:
    """Return everybody who may do anything for this taxpayer on this day, by name.

    People of the registers who have no account are not among them.
    """
    whys: dict[int, dict[str, Why]] = {}
    people: dict[int, User] = {}
    for person, why, rights in _automatic(taxpayer_id, day):
        people[person.pk] = person
        whys.setdefault(person.pk, {}).update(dict.fromkeys(sorted(rights), why))
    given: dict[int, tuple[UUID, ...]] = {}
    for person, way in _reached(taxpayer_id, day):
        people[person.pk] = person
        own = whys.setdefault(person.pk, {})
        own.update({right: way.why for right in sorted(way.rights) if right not in own})
        if way.is_personal and len(way.links) == 1:
            given[person.pk] = (*given.get(person.pk, ()), way.links[0])
    ordered = sorted(
        living(people.values(), day), key=lambda user: (user.last_name, user.first_name, user.pk)
    )
    return [Representative(user, whys[user.pk], given.get(user.pk, ())) for user in ordered]


def _reached(taxpayer_id: int, day: date) -> Iterator[tuple[User, Chain]]:
    ways = chains_from(taxpayer_id, day)
    known = User.objects.filter(personal_code_hash__in={way.person for way in ways})
    users = {user.personal_code_hash: user for user in known}
    for way in ways:
        if person := users.get(way.person):
            yield person, way


def _automatic(taxpayer_id: int, day: date) -> Iterator[tuple[User, Why, frozenset[str]]]:
    """Who has rights without a grant; a later reason of one person is the stronger."""
    accountants = Accountant.objects.on(day).filter(taxpayer_id=taxpayer_id)
    heads = Headship.objects.on(day).filter(taxpayer_id=taxpayer_id)
    for posts, kind, rights in (
        (accountants, WhyKind.ACCOUNTANT, ACCOUNTANT_RIGHTS),
        (heads, WhyKind.HEAD, EVERY_RIGHT),
    ):
        held = {post.person: post for post in posts}
        for user in User.objects.filter(personal_code_hash__in=held):
            post = held[user.personal_code_hash]
            yield user, Why(kind, post.since, post.until), rights
    for user in _self_of(taxpayer_id):
        yield user, Why(WhyKind.SELF), EVERY_RIGHT


def firms_of(taxpayer_id: int, day: date) -> QuerySet[Mandate]:
    """Return the mandates in force that the taxpayer itself has given to firms."""
    given = Mandate.objects.in_force(day).filter(taxpayer_id=taxpayer_id, via__isnull=True)
    return given.filter(firm__isnull=False).select_related("firm").order_by("firm__name", "pk")


def in_force_of(taxpayer_id: int, day: date) -> QuerySet[Mandate]:
    """Return every mandate about a taxpayer that would hold by itself, passed on or not."""
    own = Mandate.objects.in_force(day).filter(taxpayer_id=taxpayer_id)
    return own.select_related("firm", "user").order_by("created_at", "pk")


def waiting_at(taxpayer_id: int) -> QuerySet[Mandate]:
    """Return the taxpayer's offers and the requests to it that nobody has answered."""
    own = Mandate.objects.unanswered(clock.now()).filter(taxpayer_id=taxpayer_id)
    answerable = own.exclude(state=MandateState.AWAITING_SECOND)
    return answerable.filter(via__isnull=True).select_related("firm", "user")


def is_four_eyed(taxpayer_id: int) -> bool:
    """Tell whether weighty rights of this taxpayer are given by two administrators only."""
    return FourEyes.objects.filter(taxpayer_id=taxpayer_id, is_on=True).exists()


def proposals_to(taxpayer_id: int) -> QuerySet[Proposal]:
    """Return what waits for a second administrator of the taxpayer, the oldest first."""
    undecided = Proposal.objects.open(clock.now()).filter(taxpayer_id=taxpayer_id)
    return undecided.select_related("by", "mandate__firm", "mandate__user", "mandate__taxpayer")


def held_by_firm(firm_id: int, day: date) -> QuerySet[Mandate]:
    """Return the mandates in force that name the firm, by client."""
    held = Mandate.objects.in_force(day).filter(firm_id=firm_id)
    return held.select_related("taxpayer", "via__firm").order_by("taxpayer__name", "pk")


def waiting_for_firm(firm_id: int) -> QuerySet[Mandate]:
    """Return what waits for the firm's answer and what the firm waits for.

    Requests to natural persons are left out: their being listed would tell who they are. So are
    offers that wait for a second administrator, the client's or the firm's own.
    """
    held = Q(state=MandateState.AWAITING_SECOND) & ~Q(source=MandateSource.REQUEST)
    open_ = Mandate.objects.unanswered(clock.now()).exclude(held)
    own = open_.filter(firm_id=firm_id) | open_.filter(via__firm_id=firm_id)
    asked = Q(source=MandateSource.REQUEST, taxpayer__kind=TaxpayerKind.NATURAL)
    return own.exclude(asked).select_related("taxpayer", "firm", "user", "via")


def passed_on_by(firm_id: int, day: date) -> dict[UUID, list[Mandate]]:
    """Return what the firm has passed on, by the mandate it came from."""
    found: dict[UUID, list[Mandate]] = defaultdict(list)
    passed = Mandate.objects.in_force(day).filter(via__firm_id=firm_id)
    for mandate in passed.select_related("firm", "user").order_by("person_name", "pk"):
        if mandate.via_id:
            found[mandate.via_id].append(mandate)
    return dict(found)


def keys_of(taxpayer_code: str) -> QuerySet[ApiKey]:
    """Return the keys that open or opened this taxpayer, the newest first."""
    return ApiKey.objects.filter(taxpayer_codes__contains=[taxpayer_code])


def certificates_of(taxpayer_code: str) -> QuerySet[Certificate]:
    """Return the certificates that open or opened this taxpayer, the newest first."""
    return Certificate.objects.filter(taxpayer_codes__contains=[taxpayer_code])


def journal_of(taxpayer_id: int) -> QuerySet[JournalEntry]:
    """Return what was done for this taxpayer, latest first, with who did it."""
    return JournalEntry.objects.of_taxpayer(taxpayer_id).select_related("user")


def _self_of(taxpayer_id: int) -> QuerySet[User]:
    natural = Taxpayer.objects.filter(pk=taxpayer_id, kind=TaxpayerKind.NATURAL).first()
    return User.objects.with_personal_code(natural.code) if natural else User.objects.none()


def _plain(text: Value | Lower) -> Func:
    return Func(text, Value(_LETTERS), Value(_PLAIN), function="translate")
