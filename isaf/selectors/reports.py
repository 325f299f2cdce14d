"""Ordered cross-check reports and their lines."""

from uuid import UUID

from django.db.models import QuerySet

from imas.kernel.errors import ConflictError, NotFoundError
from imas.web.paging import Keyset, Page
from isaf.matching import SeenState
from isaf.models import CrossCheck, ReportedPair, ReportState
from representation.types import Acting

_BY_ORDER = Keyset("ordered_at", "id", descending=True, size=25)
_BY_POSITION = Keyset("position", size=50)


def report_page(acting: Acting, cursor: str) -> Page[CrossCheck]:
    """Return the page of ordered reports at a cursor, newest first."""
    return _BY_ORDER.page(CrossCheck.objects.visible_to(acting), cursor)


def find_report(acting: Acting, report_id: UUID) -> CrossCheck:
    """Return a report; a stranger's is NotFoundError("crosscheck-not-found")."""
    found = CrossCheck.objects.visible_to(acting).filter(pk=report_id).first()
    if found is None:
        raise NotFoundError("crosscheck-not-found")
    return found


def find_ready_report(acting: Acting, report_id: UUID) -> CrossCheck:
    """Return a finished report; ConflictError("crosscheck-not-ready") while it is drawn up."""
    found = find_report(acting, report_id)
    if found.state != ReportState.READY:
        raise ConflictError("crosscheck-not-ready")
    return found


def lines_of(report: CrossCheck, state: SeenState | None = None) -> "QuerySet[ReportedPair]":
    """Return the lines of a report in order, of one state if one is asked for."""
    lines = ReportedPair.objects.filter(cross_check=report).order_by("position")
    return lines.filter(state=state) if state else lines


def states_listed(report: CrossCheck) -> list[SeenState]:
    """Return the states that a report has lines of."""
    found = ReportedPair.objects.filter(cross_check=report).order_by().values_list("state")
    return [SeenState(state) for (state,) in found.distinct()]


def line_page(report: CrossCheck, state: SeenState | None, cursor: str) -> Page[ReportedPair]:
    """Return the page of lines at a cursor."""
    return _BY_POSITION.page(lines_of(report, state), cursor)
