"""What pages and programs read of waybills and of files of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

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
from ivaz.types import Act, BookKind, Content, Role, State
from representation.types import Acting

KIND = "ivaz"
VIEW = "ivaz.view"
SUBMIT = "ivaz.submit"
SETTINGS = "ivaz.settings"
PAGE_SIZE = 50
VERDICTS_AT_ONCE = 500
MOST_OF_TRIP = 200
MOST_ANNOUNCED = 100
MOST_ON_PHONE = 100

_SEARCHES = Keyset("at", "id", descending=True, size=PAGE_SIZE)
_VERDICTS = Keyset("position", size=100)


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
        found = found.filter(at__gte=midnight(query.since))
    if query.until:
        found = found.filter(at__lt=midnight(query.until + timedelta(days=1)))
    return _SEARCHES.page(found.prefetch_related(Prefetch("openings", opened)), cursor)


def trip(acting: Acting, plate_: str, day: date) -> Sequence[WaybillParty]:
    """Return what a vehicle carries on a day of the taxpayer's, by the moment of dispatch.

    Cancelled and split waybills are left out; at most `MOST_OF_TRIP`. One query.
    """
    acting.require(VIEW)
    found = WaybillParty.objects.filter(
        taxpayer_id=acting.taxpayer_id,
        dispatch_at__gte=midnight(day),
        dispatch_at__lt=midnight(day + timedelta(days=1)),
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
        dispatch_at__lt=midnight(clock.today() + timedelta(days=2)),
    )
    if plate_:
        found = found.filter(waybill__plates__contains=[plate(plate_)[:10]])
    latest = found.select_related("waybill").order_by("-dispatch_at", "-pk")
    return list(latest[:MOST_ON_PHONE])


def midnight(day: date) -> datetime:
    """Return when a day begins in Lithuania."""
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
    """Return what a waybill has held, the first first; the last is what was read of it."""
    earlier = waybill.versions.filter(number__lt=waybill.version).order_by("number")
    return [*earlier.values_list("content", flat=True), waybill.content]


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
