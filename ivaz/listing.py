"""The list of a taxpayer's waybills: what is looked for in it, its views and their counts."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, Count, OuterRef, Q, QuerySet, Subquery

from imas.kernel import clock
from imas.web.paging import Keyset, Page
from ivaz.models import Reservation, WaybillParty, WaybillWords
from ivaz.selectors import PAGE_SIZE, VIEW, midnight
from ivaz.terms import asks_for_a_number, query_of
from ivaz.types import OPEN, SETTLED, Role, State, View
from representation.types import Acting

DIFFERENT_DAYS = 30

_MOST_READ = 10_000
_MOST_READ_FOR_A_NUMBER = 1_000
"""So many waybills are looked through in their order before the index of words is asked: it knows
those of all taxpayers, and gathers every one that bears the beginning of a word. A word that is
common enough for that to take long is met among few; numbers are rare, and found by it at once."""

_ARN = re.compile(r"AV\d{10}", re.IGNORECASE)
_NEWEST = Keyset("dispatch_at", "waybill_id", descending=True, size=PAGE_SIZE)


@dataclass(frozen=True, slots=True)
class WaybillQuery:
    """What is looked for.

    `text`: an ARN, or parts of numbers, RN or plates, beginnings of names and of words of
    addresses; all of its words must fit. `state`: a state or a `View`. The days are those of the
    dispatch, both included.
    """

    text: str = ""
    state: str = ""
    role: str = ""
    since: date | None = None
    until: date | None = None


def waybill_page(acting: Acting, query: WaybillQuery, cursor: str = "") -> Page[WaybillParty]:
    """Return the taxpayer’s waybills, the latest dispatch first; one query a page.

    Of words it is two, and one more where few bear them.

    UnprocessableError("bad-cursor") for a cursor that is none of ours.
    """
    acting.require(VIEW)
    found = WaybillParty.objects.filter(taxpayer_id=acting.taxpayer_id)
    if query.role in set(Role):
        found = found.filter(roles__contains=[query.role])
    if query.since:
        found = found.filter(dispatch_at__gte=midnight(query.since))
    if query.until:
        found = found.filter(dispatch_at__lt=midnight(query.until + timedelta(days=1)))
    if query.state in set(View):
        found = _viewed(found, View(query.state))
    elif query.state in set(State):
        found = _standing(found, State(query.state))
    found = found.select_related("waybill")
    if text := query.text.strip():
        return _page_of_words(found, text, acting.taxpayer_id, cursor)
    return _NEWEST.page(found, cursor)


def counts_of(acting: Acting) -> dict[View, int]:
    """Return how many waybills each view of the taxpayer shows; two queries.

    Differences are counted of the last `DIFFERENT_DAYS` days.
    """
    acting.require(VIEW)
    mine = WaybillParty.objects.filter(taxpayer_id=acting.taxpayer_id)
    open_ones = mine.filter(is_open=True).aggregate(
        **{view.name: Count("pk", filter=condition()) for view, condition in _CONDITIONS.items()}
    )
    since = clock.now() - timedelta(days=DIFFERENT_DAYS)
    different = mine.filter(is_different=True, dispatch_at__gte=since).count()
    return {**{View[name]: count for name, count in open_ones.items()}, View.DIFFERENT: different}


def _page_of_words(
    found: "QuerySet[WaybillParty]", text: str, taxpayer_id: int, cursor: str
) -> Page[WaybillParty]:
    """Return a page of those that bear the words, or that were announced under the ARN."""
    if _ARN.fullmatch(text):
        announced = Reservation.objects.filter(arn=text.upper())
        return _NEWEST.page(found.filter(waybill__in=announced.values("waybill")), cursor)
    asked = query_of(text, taxpayer_id)
    if not asked:
        return _NEWEST.page(found.none(), cursor)
    words = SearchQuery(asked, search_type="raw", config="simple")
    of_each = WaybillWords.objects.filter(waybill_id=OuterRef("waybill_id"))
    # Asked of each row by itself, which leaves the planner no choice but to go in their order.
    fits = Subquery(of_each.values(fits=Q(terms=words)), output_field=BooleanField())
    most_read = _MOST_READ_FOR_A_NUMBER if asks_for_a_number(text) else _MOST_READ
    near, is_more_behind = _NEWEST.nearest(found, cursor, most_read)
    page: Page[WaybillParty] = _NEWEST.page(near.filter(fits), cursor)
    if page.more or not is_more_behind:
        return page
    return _NEWEST.page(found.filter(waybill__words__terms=words), cursor)


def _standing(found: "QuerySet[WaybillParty]", state: State) -> "QuerySet[WaybillParty]":
    """Leave those in a state, by what is repeated beside the party: few of many are found so."""
    if state in OPEN:
        return found.filter(is_open=True, waybill__state=state)
    return found.filter(is_open=False, settled=state if state in SETTLED else "")


def _viewed(found: "QuerySet[WaybillParty]", view: View) -> "QuerySet[WaybillParty]":
    if view is View.DIFFERENT:
        return found.filter(is_different=True)
    return found.filter(_CONDITIONS[view](), is_open=True)


def _all() -> Q:
    return Q(pk__isnull=False)


def _mine_to_do() -> Q:
    """What waits for the party: the carrier takes over, the consignee receives."""
    return Q(roles__contains=[Role.TRANSPORTER], waybill__state=State.SENT) | Q(
        roles__contains=[Role.CONSIGNEE],
        waybill__state__in=[State.SENT, State.ACCEPTED, State.DELIVERED],
        waybill__dispatch_at__lte=clock.now(),
    )


def _in_transit() -> Q:
    return Q(waybill__state__in=[State.ACCEPTED, State.RETURNING])


def _late() -> Q:
    under_way = Q(waybill__state__in=[State.SENT, State.ACCEPTED])
    return under_way & Q(waybill__arrival_at__lt=clock.now())


_CONDITIONS = {
    View.OPEN: _all,
    View.MINE: _mine_to_do,
    View.IN_TRANSIT: _in_transit,
    View.LATE: _late,
}
