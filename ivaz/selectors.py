"""What pages and programs read of waybills and of files of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from imas.kernel.errors import NotFoundError
from imas.web.paging import Keyset, Page
from intake.models import Document
from ivaz.models import (
    RecordVerdict,
    Reservation,
    Waybill,
    WaybillEvent,
    WaybillParty,
    WaybillVersion,
)
from ivaz.rules import plate
from ivaz.types import OPEN, Role, State
from representation.types import Acting

KIND = "ivaz"
VIEW = "ivaz.view"
PAGE_SIZE = 50

_NEWEST = Keyset("dispatch_at", "waybill_id", descending=True, size=PAGE_SIZE)
_VERDICTS = Keyset("position", size=100)


@dataclass(frozen=True, slots=True)
class WaybillQuery:
    """What is looked for: a number, RN, ARN or plate; a state ("open" for all to come); a role."""

    text: str = ""
    state: str = ""
    role: str = ""


def waybill_page(acting: Acting, query: WaybillQuery, cursor: str = "") -> Page[WaybillParty]:
    """Return the taxpayer's waybills, the latest dispatch first; two queries a page.

    UnprocessableError("bad-cursor") for a cursor that is none of ours.
    """
    acting.require(VIEW)
    found = WaybillParty.objects.filter(taxpayer_id=acting.taxpayer_id)
    if query.role in set(Role):
        found = found.filter(roles__contains=[query.role])
    if query.state == "open":
        found = found.filter(waybill__state__in=[str(state) for state in OPEN])
    elif query.state in set(State):
        found = found.filter(waybill__state=query.state)
    if text := query.text.strip():
        found = found.filter(
            Q(waybill__rn=text.upper())
            | Q(waybill__number=text)
            | Q(waybill__local_uid=text)
            | Q(waybill__plates__contains=[plate(text)[:10]])
            | Q(waybill__in=Reservation.objects.filter(arn=text.upper()).values("waybill"))
        )
    return _NEWEST.page(found.select_related("waybill"), cursor)


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


def events_of(waybill: Waybill) -> Sequence[WaybillEvent]:
    """Return what was done to a waybill, the latest first."""
    return list(waybill.events.select_related("taxpayer").order_by("-pk"))


def versions_of(waybill: Waybill) -> Sequence[WaybillVersion]:
    """Return what a waybill held at each time, the first first."""
    return list(waybill.versions.order_by("number"))


def splits_of(waybill: Waybill) -> Sequence[Waybill]:
    """Return the waybills it was split into."""
    return list(waybill.splits.order_by("pk"))


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
