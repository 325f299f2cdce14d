"""Why somebody may do something for a taxpayer on a day, or which link broke so that he may not.

The same rules as `chains_sql`, which finds only what holds; here a way that does not is told too,
link by link. A test keeps the two of one mind (tests/representation/test_why.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from accounts.encryption import lookup_hash
from accounts.models import User
from representation import limits
from representation.chains_sql import DEEPEST_CHAIN
from representation.models import Accountant, Employment, Headship, Mandate, Post, Taxpayer
from representation.rights import ACCOUNTANT_RIGHTS, EVERY_RIGHT
from representation.standing import Standing, standings, way_up
from representation.types import Limits, MandateState, Narrowing, TaxpayerKind, WhyKind


class BreakKind(StrEnum):
    """What a link of a chain, or a post, can fail by."""

    NOT_ACCEPTED = "not-accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"
    REVOKED = "revoked"
    RENOUNCED = "renounced"
    EXPIRED = "expired"
    NOT_BEGUN = "not-begun"
    TAXPAYER_ENDED = "taxpayer-ended"
    FIRM_ENDED = "firm-ended"
    NOT_TO_BE_PASSED_ON = "not-to-be-passed-on"
    EMPLOYMENT_ENDED = "employment-ended"
    NOT_EMPLOYED = "not-employed"
    WORK_ENDED = "work-ended"
    PERSON_DIED = "person-died"
    HEAD_CHANGED = "head-changed"
    POST_ENDED = "post-ended"
    ACCOUNT_CLOSED = "account-closed"
    RIGHT_MISSING = "right-missing"
    LIMITED = "limited"


@dataclass(frozen=True, slots=True)
class Break:
    """What broke, and on which day if that is known."""

    kind: BreakKind
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One mandate of a way: what is left of the rights after it, and what broke at it."""

    standing: Standing
    rights: frozenset[str]
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One way to a right: a post of the register, or a chain of mandates, the nearest first.

    `breaks` are those of the way as a whole: of the post, or of the head of the last firm.
    """

    kind: WhyKind
    since: date | None = None
    until: date | None = None
    links: tuple[Link, ...] = ()
    breaks: tuple[Break, ...] = ()
    limits: Limits = field(default_factory=dict, hash=False)

    @property
    def holds(self) -> bool:
        """Whether nothing on it broke."""
        return not self.breaks and not any(link.breaks for link in self.links)


def ways_to(taxpayer: Taxpayer, person: str, right: str, day: date) -> list[Way]:
    """Return every way, whole or broken, by which a person has or had a right; whole ones first.

    The person is known by his fingerprint. All is asked as it was on that day.
    """
    ended = (*_taxpayer_breaks(taxpayer, day), *_death(person, day), *_closed(person))
    asked = (taxpayer, person, right, day)
    ways = [*_posts(*asked, ended), *_chains(*asked, ended)]
    return sorted(ways, key=lambda way: not way.holds)


def broken_now(mandates: Iterable[Mandate], day: date) -> dict[UUID, Link]:
    """Return by id the link that broke above mandates in force, or at them: the first one.

    What a mandate fails by itself when it has not been accepted or has ended is no breaking.
    """
    ids = [mandate.pk for mandate in mandates]
    known = standings(Mandate.objects.filter(pk__in=ids), day)
    broken: dict[UUID, Link] = {}
    ways = {pk: way_up(pk, known) for pk in ids if pk in known}
    ground = _Ground(day, [link for way in ways.values() for link in way])
    for pk, way in ways.items():
        if found := next((link for link in ground.ends(way) if link.breaks), None):
            broken[pk] = found
    return broken


def connected(taxpayer_id: int) -> dict[str, str]:
    """Return everybody whom anything connects or connected with a taxpayer: name by fingerprint.

    Those of its registers, those named by its mandates, the heads of the firms these name.
    """
    mandates = Mandate.objects.filter(taxpayer_id=taxpayer_id)
    people = dict(mandates.exclude(person="").values_list("person", "person_name"))
    firms = mandates.filter(firm__isnull=False).values("firm")
    for posts in (
        Headship.objects.filter(taxpayer__in=firms),
        Accountant.objects.filter(taxpayer_id=taxpayer_id),
        Headship.objects.filter(taxpayer_id=taxpayer_id),
    ):
        people.update(posts.values_list("person", "person_name"))
    known = User.objects.filter(personal_code_hash__in=people)
    people.update({user.personal_code_hash: user.full_name for user in known})
    return dict(sorted(people.items(), key=lambda pair: pair[1]))


def _posts(
    taxpayer: Taxpayer, person: str, right: str, day: date, ended: tuple[Break, ...]
) -> list[Way]:
    """What the registers give, with posts that have ended or not begun."""
    ways = []
    if _is_self(taxpayer, person):
        ways.append(Way(WhyKind.SELF, breaks=ended))
    held: Sequence[tuple[type[Headship | Accountant], WhyKind, frozenset[str]]] = (
        (Headship, WhyKind.HEAD, EVERY_RIGHT),
        (Accountant, WhyKind.ACCOUNTANT, ACCOUNTANT_RIGHTS),
    )
    for model, kind, rights in held:
        for post in model.objects.filter(taxpayer=taxpayer, person=person):
            lacking = () if right in rights else (Break(BreakKind.RIGHT_MISSING),)
            breaks = (*ended, *_post_breaks(post, day, BreakKind.POST_ENDED), *lacking)
            ways.append(Way(kind, post.since, post.until, breaks=breaks))
    return ways


def _chains(
    taxpayer: Taxpayer, person: str, right: str, day: date, ended: tuple[Break, ...]
) -> list[Way]:
    headed = Headship.objects.filter(person=person).values("taxpayer")
    mandates = Mandate.objects.filter(taxpayer=taxpayer)
    leaves = mandates.filter(person=person) | mandates.filter(firm__in=headed)
    leaf_ids = list(leaves.order_by("created_at", "pk").values_list("pk", flat=True))
    known = standings(Mandate.objects.filter(pk__in=leaf_ids), day)
    ways = [way_up(pk, known) for pk in leaf_ids if pk in known]
    ground = _Ground(day, [link for way in ways for link in way])
    return [_way(ground, links, right, person, ended) for links in ways]


def _way(
    ground: "_Ground", chain: list[Standing], right: str, person: str, ended: tuple[Break, ...]
) -> Way:
    leaf, links = chain[-1], ground.links(chain, right)
    firm = leaf.mandate.firm
    head = ground.head_breaks(firm, person) if firm else ()
    since = max(link.mandate.since for link in chain)
    return Way(
        WhyKind.FIRM if firm else WhyKind.GRANT,
        since,
        min(link.until for link in chain),
        links,
        (*ended, *head),
        limits.narrowed(link.narrowing.limits for link in chain if link.narrowing.limits),
    )


class _Ground:
    """What the registers say of the firms and people on some chains, read at once."""

    def __init__(self, day: date, chain: Sequence[Standing]) -> None:
        self.day = day
        firms = {link.mandate.firm_id for link in chain if link.mandate.firm_id}
        people = {link.mandate.person for link in chain if link.mandate.person}
        givers = {link.mandate.taxpayer_id for link in chain if link.mandate.via_id is None}
        places = firms | givers
        employed = Employment.objects.filter(taxpayer__in=places, person__in=people)
        self.employments = _by_place(employed)
        heads = Headship.objects.filter(taxpayer__in=places)
        self.headships = _by_place(heads)
        self.registered = set(
            Employment.objects.filter(taxpayer__in=firms).values_list("taxpayer_id", flat=True)
        )

    def links(self, chain: list[Standing], right: str) -> tuple[Link, ...]:
        """Judge each mandate of a chain by itself and by the one above; "" asks for no right."""
        links: list[Link] = []
        above: Standing | None = None
        rights, kept = EVERY_RIGHT, list[Limits]()
        for place, here in enumerate(chain):
            had = rights
            kept.append(here.narrowing.limits)
            narrowing = Narrowing(limits.narrowed(kept))
            rights = limits.rights_left(rights & here.rights, narrowing)
            lost = _lost(right, had, rights, here)
            breaks = (*self._own(here), *self._passing(above, here, place), *lost)
            links.append(Link(here, rights, breaks))
            above = here
        return tuple(links)

    def ends(self, chain: list[Standing]) -> tuple[Link, ...]:
        """Judge a chain as such, and the firm at its end."""
        links = self.links(chain, right="")
        firm, last = chain[-1].mandate.firm, links[-1]
        if firm and not last.breaks:
            return (*links[:-1], Link(last.standing, last.rights, self._alive(firm)))
        return links

    def head_breaks(self, firm: Taxpayer, person: str) -> tuple[Break, ...]:
        """Whether the person heads the last firm, and it exists."""
        return (*self._alive(firm), *self._held(self.headships.get((firm.pk, person), [])))

    def _own(self, here: Standing) -> tuple[Break, ...]:
        mandate, state = here.mandate, here.state
        if state == MandateState.EXPIRED and here.until >= here.moved_on:
            return (Break(BreakKind.UNANSWERED, here.moved_on),)
        if state not in {MandateState.ACTIVE, MandateState.EXPIRED}:
            return (Break(_STATES[state], here.moved_on),)
        if here.until < self.day:
            return (Break(BreakKind.EXPIRED, here.until),)
        if mandate.since > self.day:
            return (Break(BreakKind.NOT_BEGUN, mandate.since),)
        return ()

    def _passing(self, above: Standing | None, here: Standing, place: int) -> tuple[Break, ...]:
        if above is None:
            return self._still_works(here.mandate)
        firm = above.mandate.firm
        breaks = self._alive(firm) if firm else ()
        if above.passing_on <= here.passing_on or place >= DEEPEST_CHAIN:
            breaks += (Break(BreakKind.NOT_TO_BE_PASSED_ON),)
        if firm and here.mandate.person:
            breaks += self._works(firm, here.mandate.person)
        return breaks

    def _works(self, firm: Taxpayer, person: str) -> tuple[Break, ...]:
        """The firm's employee while the register knows its employees at all, or its head."""
        employed = self.employments.get((firm.pk, person), [])
        heads = self.headships.get((firm.pk, person), [])
        if firm.pk not in self.registered or _on(employed, self.day) or _on(heads, self.day):
            return ()
        ends = [post.until for post in employed if post.until and post.until < self.day]
        if ends:
            return (Break(BreakKind.EMPLOYMENT_ENDED, max(ends)),)
        return (Break(BreakKind.NOT_EMPLOYED),)

    def _still_works(self, mandate: Mandate) -> tuple[Break, ...]:
        """The taxpayer's own employee: what ended while the mandate was given takes it along."""
        place = (mandate.taxpayer_id, mandate.person)
        employed, heads = self.employments.get(place, []), self.headships.get(place, [])
        ends = [one.until for one in employed if one.until and mandate.since <= one.until]
        past = [until for until in ends if until < self.day]
        if not past or _on(employed, self.day) or _on(heads, self.day):
            return ()
        return (Break(BreakKind.WORK_ENDED, max(past)),)

    def _held(self, posts: Sequence[Post]) -> tuple[Break, ...]:
        if _on(posts, self.day):
            return ()
        ends = [post.until for post in posts if post.until and post.until < self.day]
        return (Break(BreakKind.HEAD_CHANGED, max(ends, default=None)),)

    def _alive(self, firm: Taxpayer) -> tuple[Break, ...]:
        if firm.exists_on(self.day):
            return ()
        return (Break(BreakKind.FIRM_ENDED, firm.ended_on),)


_STATES = {
    MandateState.OFFERED: BreakKind.NOT_ACCEPTED,
    MandateState.REQUESTED: BreakKind.NOT_ACCEPTED,
    MandateState.AWAITING_SECOND: BreakKind.NOT_ACCEPTED,
    MandateState.DECLINED: BreakKind.DECLINED,
    MandateState.WITHDRAWN: BreakKind.WITHDRAWN,
    MandateState.REVOKED: BreakKind.REVOKED,
    MandateState.RENOUNCED: BreakKind.RENOUNCED,
}


def _lost(
    right: str, had: frozenset[str], left: frozenset[str], here: Standing
) -> tuple[Break, ...]:
    """Whether the right asked for is lost at this link, where those before still gave it."""
    if not right or right not in had or right in left:
        return ()
    kind = BreakKind.LIMITED if right in here.rights else BreakKind.RIGHT_MISSING
    return (Break(kind),)


def _taxpayer_breaks(taxpayer: Taxpayer, day: date) -> tuple[Break, ...]:
    if taxpayer.exists_on(day):
        return ()
    return (Break(BreakKind.TAXPAYER_ENDED, taxpayer.ended_on),)


def _death(person: str, day: date) -> tuple[Break, ...]:
    """Whether the register knows the person as dead; without an account nobody knows the code."""
    user = User.objects.filter(personal_code_hash=person).first() if person else None
    if user is None or not user.personal_code:
        return ()
    own = Taxpayer.objects.by_code(user.personal_code).filter(kind=TaxpayerKind.NATURAL)
    dead = own.filter(ended_on__lt=day).first()
    return (Break(BreakKind.PERSON_DIED, dead.ended_on),) if dead else ()


def _closed(person: str) -> tuple[Break, ...]:
    """Whose account is closed acts for nobody; since when is not kept."""
    closed = User.objects.filter(personal_code_hash=person, is_active=False)
    return (Break(BreakKind.ACCOUNT_CLOSED),) if person and closed.exists() else ()


def _post_breaks(post: Post, day: date, kind: BreakKind) -> tuple[Break, ...]:
    if post.until and post.until < day:
        return (Break(kind, post.until),)
    if post.since > day:
        return (Break(BreakKind.NOT_BEGUN, post.since),)
    return ()


def _is_self(taxpayer: Taxpayer, person: str) -> bool:
    return taxpayer.kind == TaxpayerKind.NATURAL and lookup_hash(taxpayer.code) == person


def _on(posts: Sequence[Post], day: date) -> bool:
    return any(post.since <= day and (post.until is None or post.until >= day) for post in posts)


def _by_place(posts: Iterable[Any]) -> dict[tuple[int, str], list[Any]]:
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for post in posts:
        found[post.taxpayer_id, post.person].append(post)
    return found
