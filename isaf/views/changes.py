"""What a revision of a register changed."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from imas.kernel.errors import NotFoundError
from imas.web.exports import csv_response, xlsx_response
from isaf import selectors
from isaf.limits import limits_told, submits_registers
from isaf.pages import changes as change_pages
from isaf.pages.changes import ShownChange, kind_tabs
from isaf.pages.registers import register_tabs
from isaf.selectors import changes
from isaf.selectors.changes import ChangeKind
from representation.requests import PortalRequest
from representation.services import journal_view


@require_GET
def register_changes(request: HttpRequest, number: str) -> HttpResponse:
    """Show what a revision says otherwise than the one before it, or another one."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    before = changes.revision_before(acting, found, request.GET.get("since", ""))
    journal_view(acting, "isaf.register-seen", number)
    context: dict[str, Any] = {
        "register": found,
        "before": before,
        "tabs": register_tabs(found, reverse("isaf:register-parts", args=[number])),
        "may_submit": submits_registers(acting),
        "limits": limits_told(acting, "isaf.view"),
    }
    if before is not None:
        kind = _kind(request.GET.get("kind", ""))
        page = changes.change_page(before, found, kind, request.GET.get("at", ""))
        totals = changes.change_totals(before, found)
        context |= {
            "page": page,
            "rows": [ShownChange(change, found) for change in page.rows],
            "totals": totals,
            "kinds": kind_tabs(number, before.number, totals, kind),
        }
    return render(request, "isaf/register_changes.html", context)


@require_GET
def register_changes_export(request: HttpRequest, number: str, form: str) -> HttpResponseBase:
    """Give the changes as a table to take away."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    before = changes.revision_before(acting, found, request.GET.get("since", ""))
    if before is None:
        raise NotFoundError("register-not-found", number=number)
    journal_view(acting, "isaf.register-exported", number)
    answer = xlsx_response if form == "xlsx" else csv_response
    rows = (ShownChange(change, found).cells for change in changes.every_change(before, found))
    return answer(f"{number}-changes.{form}", change_pages.HEADERS, rows)


def _kind(code: str) -> ChangeKind | None:
    return ChangeKind(code) if code in set(ChangeKind) else None
