"""Who did and saw what for the taxpayer, and by which right."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from imas.web.exports import csv_response, xlsx_response
from imas.web.paging import Keyset
from imas.web.templatetags.imas import capacity
from representation import journal_reading as reading
from representation.journal_forms import JournalFilterForm
from representation.requests import PortalRequest
from representation.services import journal_view
from representation.services.granting import MANAGE
from representation.types import Acting

LATEST = Keyset("id", descending=True)


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Show the entries asked for, latest first."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    form = _form(request, acting)
    found = reading.entries_of(acting.taxpayer_id, form.query)
    page = LATEST.page(found, request.GET.get("at", ""))
    state = {"form": form, "lines": list(reading.lines_of(page.rows)), "page": page}
    answer = render(request, "representation/journal.html", state)
    journal_view(acting, "representation.journal-seen")
    return answer


@require_safe
def journal_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Give the entries asked for as a table to take away."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    journal_view(acting, "representation.journal-exported")
    query = _form(request, acting).query
    found = reading.entries_of(acting.taxpayer_id, query).iterator(chunk_size=2000)
    rows = (reading.cells(line, capacity(line)) for line in reading.lines_of(found))
    answer = xlsx_response if form == "xlsx" else csv_response
    return answer(f"{acting.taxpayer_code}.{form}", reading.HEADERS, rows)


def _form(request: HttpRequest, acting: Acting) -> JournalFilterForm:
    people = reading.people_in(acting.taxpayer_id)
    return JournalFilterForm(request.GET, people, reading.actions_in(acting.taxpayer_id))
