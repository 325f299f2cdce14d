"""Announcements of all taxpayers, taken away by an officer; who took what is journalled."""

from collections.abc import Iterable
from datetime import date

from avaz.models import Fallback
from avaz.selectors import FallbackQuery, fallbacks_found
from representation.services.journal import journal_officer
from representation.services.officers import Officer

_PIECE = 1000


def taken_away(officer: Officer, query: FallbackQuery, overdue_before: date) -> Iterable[Fallback]:
    """Return what an officer's list shows, piece by piece, and write down that it was taken."""
    told = {"text": query.text, "state": query.state.value}
    days = {"since": f"{query.since or ''}", "until": f"{query.until or ''}"}
    journal_officer(officer.user, "avaz.fallbacks-exported", "", **told, **days)
    return fallbacks_found(query, overdue_before).iterator(_PIECE)
