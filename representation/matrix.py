"""Who of a firm's people may do what for which client: people × clients × rights."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Func, Q, QuerySet

from imas.kernel import clock
from imas.web.paging import Keyset, Page
from representation import limits
from representation.chains import Chain, chains_up_from
from representation.models import Mandate
from representation.rights import RIGHTS
from representation.selectors import living
from representation.types import WAITING, Acting, Limits, MandateState

MANAGE = "representation.manage"
BY_CLIENT = Keyset("client_name", "person_name", "id")


@dataclass(frozen=True, slots=True)
class MatrixQuery:
    """Which mandates are looked at; everything empty means all of them."""

    client: str = ""
    person: UUID | None = None
    right: str = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """What one person may do for one client by what the firm has passed on to him.

    `rights` are those that are left of the whole chain; before the person has accepted they are
    those offered. None are left of a broken chain, nor to somebody who has died or is shut out.
    """

    mandate: Mandate
    rights: frozenset[str]
    limits: Limits
    until: date
    is_waiting: bool

    @property
    def is_broken(self) -> bool:
        """Whether it was accepted and gives nothing today."""
        return not self.is_waiting and not self.rights


def matrix_page(acting: Acting, query: MatrixQuery, cursor: str) -> Page[MatrixRow]:
    """Return the page at a cursor, by client and person, in three queries."""
    page = BY_CLIENT.page(_asked(acting, query), cursor)
    return Page(_rows(page.rows), page.next, page.previous)


def every_row(acting: Acting, query: MatrixQuery) -> Iterator[MatrixRow]:
    """Return all that is asked for, read page after page."""
    cursor = ""
    while True:
        page = matrix_page(acting, query, cursor)
        yield from page.rows
        if not (cursor := page.next):
            return


def matrix_people(acting: Acting) -> Mapping[UUID, str]:
    """Return the names of those to whom anything is passed on, by one of their mandates."""
    passed = _passed_on(acting).exclude(person="").order_by("person", "pk").distinct("person")
    names = {one.pk: one.holder_name for one in passed.select_related("user")}
    return dict(sorted(names.items(), key=lambda item: (item[1], item[0])))


def matrix_rights(acting: Acting) -> list[str]:
    """Return the rights of which anything is passed on, in their own order: the columns."""
    found = _passed_on(acting).values_list(Func(F("rights"), function="unnest"), flat=True)
    passed = set(found.order_by().distinct())
    return [right for right in RIGHTS if right in passed]


def _passed_on(acting: Acting) -> QuerySet[Mandate]:
    acting.require(MANAGE)
    passed = Mandate.objects.filter(via__firm_id=acting.taxpayer_id, until__gte=clock.today())
    return passed.filter(state__in=[MandateState.ACTIVE, *WAITING])


def _asked(acting: Acting, query: MatrixQuery) -> QuerySet[Mandate]:
    rows = _passed_on(acting).annotate(client_name=F("taxpayer__name"))
    if text := query.client.strip():
        rows = rows.filter(Q(taxpayer__name__icontains=text) | Q(taxpayer__code__startswith=text))
    if query.person:
        rows = rows.filter(person__in=Mandate.objects.filter(pk=query.person).values("person"))
    if query.right:
        held = {"rights__contains": [query.right], "via__rights__contains": [query.right]}
        rows = rows.filter(**held)
    return rows.select_related("taxpayer", "user", "firm")


def _rows(mandates: Sequence[Mandate]) -> list[MatrixRow]:
    today = clock.today()
    people = {one.user_id: one.user for one in mandates if one.user}
    able = {user.pk for user in living(people.values(), today) if user.is_active}
    holding = [one for one in mandates if one.user_id is None or one.user_id in able]
    chains = chains_up_from([one.pk for one in holding], today) if holding else {}
    return [_row(mandate, chains.get(mandate.pk)) for mandate in mandates]


def _row(mandate: Mandate, chain: Chain | None) -> MatrixRow:
    if mandate.state != MandateState.ACTIVE:
        offered = frozenset(mandate.rights)
        own = limits.of_json(mandate.limits)
        return MatrixRow(mandate, offered, own, mandate.until, is_waiting=True)
    if chain is None:
        return MatrixRow(mandate, frozenset(), {}, mandate.until, is_waiting=False)
    return MatrixRow(mandate, chain.rights, chain.limits, chain.until, is_waiting=False)
