"""What pages and programs read of waybills and of files of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Count, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from imas.kernel.identifiers import loose_number
from imas.web.paging import Keyset, Page
from intake.models import Document
from ivaz.models import (
    BookEntry,
    EwaybillConsent,
    RecordVerdict,
    Reservation,
    RoadsideOpening,
    RoadsideSearch,
    Waybill,
    WaybillDraft,
    WaybillEvent,
    WaybillFile,
    WaybillParty,
)
from ivaz.rules import plate
from ivaz.terms import query_of
from ivaz.types import Act, BookKind, Content, Role, State, View
from representation.types import Acting

KIND = "ivaz"
VIEW = "ivaz.view"
SUBMIT = "ivaz.submit"
SETTINGS = "ivaz.settings"
PAGE_SIZE = 50
VERDICTS_AT_ONCE = 500
DIFFERENT_DAYS = 30
MOST_OF_TRIP = 200
MOST_ANNOUNCED = 100
MOST_ON_PHONE = 100

_MOST_READ = 1_000
"""So many waybills are looked through one by one before the index of words is asked: it knows those
of all taxpayers, and gathers every one that bears the beginning of a word. A word that is common
enough for that to take long is met among few."""
_BESIDE_THE_INDEX = Coalesce("waybill__words__terms", Value(""), output_field=SearchVectorField())

_ARN = re.compile(r"AV\d{10}", re.IGNORECASE)
_NEWEST = Keyset("dispatch_at", "waybill_id", descending=True, size=PAGE_SIZE)
_SEARCHES = Keyset("at", "id", descending=True, size=PAGE_SIZE)
_VERDICTS = Keyset("position", size=100)


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


@dataclass(frozen=True, slots=True)
class RoadsideLogQuery:
    """Which searches on the road are looked for; the days are included."""

    who: str = ""
    institution: str = ""
    rn: str = ""
    since: date | None = None
    until: date | None = None


def roadside_log(query: RoadsideLogQuery, cursor: str = "") -> Page[RoadsideSearch]:
    """Return searches on the road with what was opened, the latest first; two queries a page.

    For officers of the authority, which the caller sees to. UnprocessableError("bad-cursor").
    """
    opened = RoadsideOpening.objects.select_related("waybill").only(
        "search_id", "at", "waybill__rn"
    )
    found = RoadsideSearch.objects.select_related("user")
    if query.who:
        found = found.filter(user__login_name=query.who.strip())
    if query.institution:
        found = found.filter(institution=query.institution)
    if query.rn:
        named = RoadsideOpening.objects.filter(waybill__rn=query.rn.strip())
        found = found.filter(pk__in=named.values("search"))
    if query.since:
        found = found.filter(at__gte=_midnight(query.since))
    if query.until:
        found = found.filter(at__lt=_midnight(query.until + timedelta(days=1)))
    return _SEARCHES.page(found.prefetch_related(Prefetch("openings", opened)), cursor)


def waybill_page(acting: Acting, query: WaybillQuery, cursor: str = "") -> Page[WaybillParty]:
    """Return the taxpayer’s waybills, the latest dispatch first; one query a page.

    So is a page of words that many bear; of words that few bear it is two or three.

    UnprocessableError("bad-cursor") for a cursor that is none of ours.
    """
    acting.require(VIEW)
    found = WaybillParty.objects.filter(taxpayer_id=acting.taxpayer_id)
    if query.role in set(Role):
        found = found.filter(roles__contains=[query.role])
    if query.since:
        found = found.filter(dispatch_at__gte=_midnight(query.since))
    if query.until:
        found = found.filter(dispatch_at__lt=_midnight(query.until + timedelta(days=1)))
    if query.state in set(View):
        found = _viewed(found, View(query.state))
    elif query.state in set(State):
        found = found.filter(waybill__state=query.state)
    found = found.select_related("waybill")
    if text := query.text.strip():
        return _page_of_words(found, text, acting.taxpayer_id, cursor)
    return _NEWEST.page(found, cursor)


def trip(acting: Acting, plate_: str, day: date) -> Sequence[WaybillParty]:
    """Return what a vehicle carries on a day of the taxpayer's, by the moment of dispatch.

    Cancelled and split waybills are left out; at most `MOST_OF_TRIP`. One query.
    """
    acting.require(VIEW)
    found = WaybillParty.objects.filter(
        taxpayer_id=acting.taxpayer_id,
        dispatch_at__gte=_midnight(day),
        dispatch_at__lt=_midnight(day + timedelta(days=1)),
        waybill__plates__contains=[plate(plate_)[:10]],
    ).exclude(waybill__state__in=[State.CANCELLED, State.SPLIT])
    return list(found.select_related("waybill").order_by("dispatch_at", "pk")[:MOST_OF_TRIP])


def under_way(acting: Acting, plate_: str = "") -> Sequence[WaybillParty]:
    """Return what the taxpayer carries or receives until the end of tomorrow, the latest first.

    `plate_` leaves one vehicle's. At most `MOST_ON_PHONE`; one query.
    """
    acting.require(VIEW)
    found = WaybillParty.objects.filter(
        taxpayer_id=acting.taxpayer_id,
        is_open=True,
        roles__overlap=[Role.TRANSPORTER, Role.CONSIGNEE],
        dispatch_at__lt=_midnight(clock.today() + timedelta(days=2)),
    )
    if plate_:
        found = found.filter(waybill__plates__contains=[plate(plate_)[:10]])
    latest = found.select_related("waybill").order_by("-dispatch_at", "-pk")
    return list(latest[:MOST_ON_PHONE])


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
    different = mine.filter(_DIFFERENT, dispatch_at__gte=since).count()
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
    near = _NEWEST.nearest(found, cursor, _MOST_READ)
    looked_through = found.filter(pk__in=near.values("pk")).alias(terms=_BESIDE_THE_INDEX)
    page: Page[WaybillParty] = _NEWEST.page(looked_through.filter(terms=words), cursor)
    if page.more or near.count() < _MOST_READ:
        return page
    return _NEWEST.page(found.filter(waybill__words__terms=words), cursor)


def _viewed(found: "QuerySet[WaybillParty]", view: View) -> "QuerySet[WaybillParty]":
    if view is View.DIFFERENT:
        return found.filter(_DIFFERENT)
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
_DIFFERENT = Q(waybill__is_different=True) | Q(waybill__is_warned=True)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.VILNIUS)


def find_waybill(acting: Acting, rn: str) -> tuple[Waybill, frozenset[Role]]:
    """Return a waybill and the taxpayer's roles in it; NotFoundError("waybill-not-found")."""
    acting.require(VIEW)
    party = (
        WaybillParty.objects.filter(taxpayer_id=acting.taxpayer_id, waybill__rn=rn)
        .select_related("waybill", "waybill__preparer", "waybill__split_of")
        .first()
    )
    if party is None:
        raise NotFoundError("waybill-not-found")
    return party.waybill, frozenset(Role(role) for role in party.roles)


def waybills_named(
    acting: Acting, *, rn: str = "", uid: str = "", number: str = ""
) -> Sequence[WaybillParty]:
    """Return the taxpayer's waybills of an RN, of his own id, or of a number; `PAGE_SIZE` at most.

    An id is the preparer's: another's waybill is found by its RN or number.
    """
    acting.require(VIEW)
    asked = Q(waybill__rn=rn) if rn else Q(waybill__number=number)
    if uid:
        asked = Q(waybill__preparer_id=acting.taxpayer_id, waybill__local_uid=uid)
    mine = WaybillParty.objects.filter(asked, taxpayer_id=acting.taxpayer_id)
    return list(mine.select_related("waybill").order_by("-waybill")[:PAGE_SIZE])


def events_of(waybill: Waybill) -> Sequence[WaybillEvent]:
    """Return what was done to a waybill, the latest first."""
    return list(waybill.events.select_related("taxpayer").order_by("-pk"))


def events_for_officers(waybill: Waybill) -> Sequence[WaybillEvent]:
    """Return what was done to a waybill, the latest first, without the names of documents."""
    found = events_of(waybill)
    for event in found:
        if event.act == Act.ATTACH:
            event.details = {}
    return found


def versions_of(waybill: Waybill) -> Sequence[Content]:
    """Return what a waybill has held, the first first, what it holds now last."""
    return [*waybill.versions.order_by("number").values_list("content", flat=True), waybill.content]


def files_of(waybill: Waybill) -> Sequence[WaybillFile]:
    """Return the documents added to a waybill, in their order."""
    return list(waybill.files.select_related("taxpayer"))


def find_attachment(waybill: Waybill, file_id: int) -> WaybillFile:
    """Return a document of a waybill; NotFoundError("waybill-attachment-not-found")."""
    found = waybill.files.filter(pk=file_id).first()
    if found is None:
        raise NotFoundError("waybill-attachment-not-found")
    return found


def splits_of(waybill: Waybill) -> Sequence[Waybill]:
    """Return the waybills it was split into."""
    return list(waybill.splits.order_by("pk"))


def drafts_of(acting: Acting) -> "QuerySet[WaybillDraft]":
    """Return the waybills being made for the taxpayer, the latest first."""
    acting.require_wholly(SUBMIT)
    return WaybillDraft.objects.filter(taxpayer_id=acting.taxpayer_id, name="")


def announced_of(acting: Acting) -> Sequence[Reservation]:
    """Return what the taxpayer announced in a.VAZ and has to complete yet, the soonest due first.

    At most `MOST_ANNOUNCED`; one query.
    """
    acting.require(VIEW)
    return list(_to_complete(acting).order_by("complete_until", "pk")[:MOST_ANNOUNCED])


def announced_as(acting: Acting, number: str) -> Reservation | None:
    """Return what of that a waybill with this number would complete."""
    if not number:
        return None
    key = loose_number(number)
    return _to_complete(acting).filter(number_key=key).order_by("given_at", "pk").first()


def _to_complete(acting: Acting) -> "QuerySet[Reservation]":
    return Reservation.objects.filter(
        preparer_id=acting.taxpayer_id,
        waybill__isnull=True,
        complete_until__gte=clock.today(),
    )


def templates_of(acting: Acting) -> "QuerySet[WaybillDraft]":
    """Return the taxpayer's templates by name."""
    acting.require_wholly(SUBMIT)
    kept = WaybillDraft.objects.filter(taxpayer_id=acting.taxpayer_id).exclude(name="")
    return kept.order_by("name")


def book_of(acting: Acting, kind: BookKind, text: str = "") -> "QuerySet[BookEntry]":
    """Return what the taxpayer's book holds of a kind, the latest used first."""
    acting.require_wholly(SUBMIT)
    found = BookEntry.objects.filter(taxpayer_id=acting.taxpayer_id, kind=kind)
    if text:
        found = found.filter(Q(key__icontains=text) | Q(content__Name__icontains=text))
    return found


def consents_of(acting: Acting) -> Sequence[EwaybillConsent]:
    """Return every consent to e-waybills the taxpayer has given, the latest first; one query."""
    if not acting.may(SETTINGS):
        acting.require(VIEW)
    mine = EwaybillConsent.objects.filter(taxpayer_id=acting.taxpayer_id)
    return list(mine.select_related("given_by", "withdrawn_by"))


def recent_files(acting: Acting) -> "QuerySet[Document]":
    """Return the files of waybills the mandate shows, the newest first."""
    acting.require(VIEW)
    return Document.objects.visible_to(acting).of_kind(KIND)


def find_file(acting: Acting, document_id: UUID) -> Document:
    """Return one file; NotFoundError("waybill-file-not-found") to strangers too."""
    document = recent_files(acting).select_related("first_copy").filter(pk=document_id).first()
    if document is None:
        raise NotFoundError("waybill-file-not-found")
    return document


def verdict_page(document: Document, cursor: str) -> Page[RecordVerdict]:
    """Return a page of what became of the records of a file, in its order."""
    return _VERDICTS.page(RecordVerdict.objects.filter(document=document), cursor)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Some verdicts of a file in its order; `next` is the position of the following, if any."""

    rows: Sequence[RecordVerdict]
    next: int | None


def verdicts_from(document: Document, position: int) -> Verdicts:
    """Return up to `VERDICTS_AT_ONCE` verdicts of a file from a position on."""
    rows = RecordVerdict.objects.filter(document=document, position__gte=position)
    found = list(rows.order_by("position")[: VERDICTS_AT_ONCE + 1])
    shown = found[:VERDICTS_AT_ONCE]
    return Verdicts(shown, found[-1].position if len(found) > len(shown) else None)


def states_of(document: Document, rows: Sequence[RecordVerdict]) -> dict[str, str]:
    """Return the states by RN of the waybills of verdicts, those its sender is still in."""
    named = {row.rn for row in rows if row.rn}
    mine = Waybill.objects.filter(rn__in=named, parties__taxpayer_id=document.taxpayer_id)
    return dict(mine.values_list("rn", "state"))
