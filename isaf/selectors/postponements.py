"""Requests to postpone deadlines: those of a taxpayer, those that wait for an officer."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from imas.kernel.errors import NotFoundError
from imas.kernel.periods import Period
from imas.web.paging import Keyset, Page
from isaf.models import Postponement, PostponementFile
from representation.types import Acting

_OLDEST_FIRST = Keyset("asked_at", "id", size=50)


def deadlines_moved(
    taxpayer_ids: Iterable[int], starts: Iterable[date]
) -> Mapping[tuple[int, Period], date]:
    """Return the days granted for periods that begin on these days, by taxpayer and period."""
    rows = Postponement.objects.granted().filter(
        taxpayer_id__in=list(taxpayer_ids), start__in=list(starts)
    )
    return {
        (row.taxpayer_id, row.period): row.granted_until
        for row in rows
        if row.granted_until is not None
    }


def deadline_of(taxpayer_id: int, period: Period) -> date:
    """Return the last day on which the registers of a period are in time."""
    moved = deadlines_moved([taxpayer_id], [period.start])
    return moved.get((taxpayer_id, period), period.deadline)


def latest_requests(acting: Acting, starts: Iterable[date]) -> Mapping[Period, Postponement]:
    """Return the latest request of each period that begins on these days."""
    rows = Postponement.objects.filter(taxpayer_id=acting.taxpayer_id, start__in=list(starts))
    return {row.period: row for row in rows.order_by("asked_at")}


def find_request(acting: Acting, postponement_id: UUID) -> Postponement:
    """Return a request; NotFoundError("postponement-not-found") to strangers too."""
    found = Postponement.objects.visible_to(acting).filter(pk=postponement_id)
    return _one(found.select_related("taxpayer", "asked_by").first())


def waiting_page(at: str) -> "Page[Postponement]":
    """Return a page of what waits for an officer, the oldest first."""
    rows = Postponement.objects.waiting().select_related("taxpayer")
    return _OLDEST_FIRST.page(rows, at)


def any_request(postponement_id: UUID) -> Postponement:
    """Return a request for an officer."""
    found = Postponement.objects.filter(pk=postponement_id)
    return _one(found.select_related("taxpayer", "asked_by", "decided_by").first())


def file_of(postponement: Postponement, file_id: int) -> PostponementFile:
    """Return a file of a request; NotFoundError("postponement-not-found")."""
    file = postponement.files.filter(pk=file_id).first()
    if file is None:
        raise NotFoundError("postponement-not-found")
    return file


def _one(found: Postponement | None) -> Postponement:
    if found is None:
        raise NotFoundError("postponement-not-found")
    return found
