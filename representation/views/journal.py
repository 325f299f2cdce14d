"""Who did what for the taxpayer."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from imas.web.paging import Keyset
from representation import selectors
from representation.limits import text_words
from representation.messages import action_words, rights_words
from representation.models import JournalEntry
from representation.requests import PortalRequest
from representation.services.granting import MANAGE
from representation.types import Why, WhyKind

LATEST = Keyset("id", descending=True)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words."""

    entry: JournalEntry
    action: str
    rights: list[str]
    why: Why

    @property
    def limits(self) -> list[str]:
        """How what was given is limited, in words."""
        return text_words(self.entry.params.get("limits", ""))

    @property
    def is_read_only(self) -> bool:
        """Whether what was given is to look only."""
        return "read-only" in self.entry.params.get("limits", "").split("; ")


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Show the entries, latest first."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    found = selectors.journal_of(acting.taxpayer_id)
    page = LATEST.page(found, request.GET.get("at", ""))
    state = {"lines": [_line(entry) for entry in page.rows], "page": page}
    return render(request, "representation/journal.html", state)


def _line(entry: JournalEntry) -> Line:
    # One right stood in each entry before mandates held several.
    rights = entry.params.get("rights") or entry.params.get("right", "")
    return Line(
        entry=entry,
        action=action_words(entry.action),
        rights=rights_words(filter(None, rights.split(","))),
        why=Why(WhyKind(entry.why["kind"])),
    )
