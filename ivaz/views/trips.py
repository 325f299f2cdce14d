"""A trip sheet: the waybills of one vehicle and day, on a screen and as a paper."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from imas.web.pdf import pdf_response
from ivaz import papers, selectors
from ivaz.forms.filters import TripForm
from ivaz.pages.waybills import WaybillPage
from ivaz.types import Role
from representation.requests import PortalRequest


@require_GET
def trip(request: HttpRequest) -> HttpResponse:
    """Show what a vehicle carries on a day."""
    form = TripForm(request.GET or None)
    pages = _pages(request, form) if form.is_valid() else []
    return render(request, "ivaz/trip.html", {"form": form, "pages": pages})


@require_GET
def trip_pdf(request: HttpRequest) -> HttpResponse:
    """Give the trip sheet as a paper, with the signed square of each waybill."""
    form = TripForm(request.GET)
    if not form.is_valid():
        return redirect("ivaz:trip")
    asked = form.cleaned_data
    paper = papers.trip_paper(asked["plate"], asked["day"], _pages(request, form))
    return pdf_response(f"{asked['plate']} {asked['day']}.pdf", papers.TRIP_TEMPLATE, paper)


def _pages(request: HttpRequest, form: TripForm) -> list[WaybillPage]:
    acting = cast("PortalRequest", request).acting
    asked = form.cleaned_data
    found = selectors.trip(acting, asked["plate"], asked["day"])
    return [
        WaybillPage(party.waybill, frozenset(Role(role) for role in party.roles)) for party in found
    ]
