"""Waybills found at a check on the road: exactly, on a ground, and never without a trace.

Every search and every waybill opened is written down, append-only, in tables of their own and in
the journal. Parties see nothing of it (docs/ivaz/roadside.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from imas.kernel import clock
from imas.kernel.errors import NotFoundError, ThrottledError, UnprocessableError
from imas.web import trace
from ivaz import signing
from ivaz.models import Reservation, RoadsideOpening, RoadsideSearch, Waybill
from ivaz.rules import plate
from ivaz.services.officers import RoadsideOfficer
from ivaz.terms import number_key
from ivaz.types import OPEN, RoadsideMeans, RoadsideReason
from representation.services.journal import journal_officer

GOOD_FOR = timedelta(hours=8)
"""So long what a search found may be opened: a shift."""
MOST_FOUND = 50
"""So many are shown; an exact number or plate finds few."""
LONGEST = 40
LEAST_NOTE = 3

_HOUR = timedelta(hours=1)
_PLATE = 10


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an officer searches; `note` is the number of the inspection, or words."""

    reason: RoadsideReason
    note: str


def search(officer: RoadsideOfficer, text: str, ground: Ground) -> RoadsideSearch:
    """Search by a plate, a waybill's number, an RN or an ARN, and write it down, found or not.

    UnprocessableError: "roadside-asked" for nothing to look for, "roadside-ground" without words;
    ThrottledError beyond `ROADSIDE_PER_HOUR` searches of an officer in an hour.
    """
    asked = plate(text)[:LONGEST]
    if not asked:
        raise UnprocessableError("roadside-asked")
    return _written(officer, RoadsideMeans.SEARCH, asked, ground)


def search_by_square(officer: RoadsideOfficer, token: str, ground: Ground) -> RoadsideSearch:
    """Search by the signed square of a paper; NotFoundError("waybill-not-found") where it is none.

    Refused and written down as `search` is.
    """
    return _written(officer, RoadsideMeans.SQUARE, rn_of_square(token), ground)


def rn_of_square(token: str) -> str:
    """Return the RN a square of ours tells; NotFoundError("waybill-not-found")."""
    claims = signing.read(token)
    if claims is None:
        raise NotFoundError("waybill-not-found")
    return str(claims["rn"])


def found_by(officer: RoadsideOfficer, search_id: UUID) -> tuple[RoadsideSearch, Sequence[Waybill]]:
    """Return an officer's own search and what it finds, the latest dispatch first.

    NotFoundError("roadside-search-not-found") for another's, or one older than `GOOD_FOR`.
    """
    made = _own(officer, search_id)
    found = _matching(made).order_by("-dispatch_at", "-pk")
    return made, list(found[:MOST_FOUND])


def open_waybill(officer: RoadsideOfficer, search_id: UUID, rn: str) -> Waybill:
    """Return a waybill that a search has found, whole, and write down that it was opened.

    NotFoundError: "roadside-search-not-found", or "waybill-not-found" for what it does not find.
    """
    made = _own(officer, search_id)
    with transaction.atomic():
        waybill = _matching(made).select_related("preparer", "split_of").filter(rn=rn).first()
        if waybill is None:
            raise NotFoundError("waybill-not-found")
        RoadsideOpening.objects.create(
            search=made,
            waybill=waybill,
            version=waybill.version,
            request_id=trace.request_id(),
        )
        journal_officer(officer.user, "ivaz.roadside-opened", rn, search=str(made.pk))
    return waybill


def _written(
    officer: RoadsideOfficer, means: RoadsideMeans, asked: str, ground: Ground
) -> RoadsideSearch:
    note = ground.note.strip()
    if len(note) < LEAST_NOTE:
        raise UnprocessableError("roadside-ground")
    with transaction.atomic():
        _spend(officer)
        made = RoadsideSearch(
            user=officer.user,
            institution=officer.institution,
            means=means,
            asked=asked,
            reason=ground.reason,
            note=note[:200],
            key_id=officer.key_id,
            request_id=trace.request_id(),
        )
        made.found = _matching(made).count()
        made.save(force_insert=True)
        told = {"institution": officer.institution.value, "found": str(made.found)}
        journal_officer(officer.user, "ivaz.roadside-searched", str(made.pk), **told)
    return made


def _spend(officer: RoadsideOfficer) -> None:
    """Refuse a search too many. What is written down is what is counted: no cache forgets it."""
    since = clock.now() - _HOUR
    lately = RoadsideSearch.objects.filter(user=officer.user, at__gte=since)
    if lately.count() >= settings.ROADSIDE_PER_HOUR:
        raise ThrottledError("throttled", retry_after=str(int(_HOUR.total_seconds())))


def _own(officer: RoadsideOfficer, search_id: UUID) -> RoadsideSearch:
    since = clock.now() - GOOD_FOR
    made = RoadsideSearch.objects.filter(pk=search_id, user=officer.user, at__gte=since).first()
    if made is None:
        raise NotFoundError("roadside-search-not-found")
    return made


def _matching(made: RoadsideSearch) -> "QuerySet[Waybill]":
    """Return what fits to the letter of what is on the road, or was in the last days.

    Each way of naming a waybill is a walk in an index of its own; OR would be none.
    """
    asked = made.asked
    ways = [Waybill.objects.filter(rn=asked)]
    if made.means == RoadsideMeans.SEARCH:
        announced = Reservation.objects.filter(arn=asked, waybill__isnull=False)
        ways.append(Waybill.objects.filter(pk__in=announced.values("waybill")))
        if key := number_key(asked):
            ways.append(Waybill.objects.filter(number_key=key))
        if len(asked) <= _PLATE:
            ways.append(Waybill.objects.filter(plates__contains=[asked]))
    first, *rest = (way.order_by().values("pk") for way in ways)
    since = clock.now() - timedelta(days=settings.ROADSIDE_DAYS)
    lately = Q(state__in=OPEN) | Q(dispatch_at__gte=since)
    return Waybill.objects.filter(lately, pk__in=first.union(*rest) if rest else first)
