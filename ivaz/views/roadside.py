"""Checks on the road: officers of institutions search and open waybills; the authority's log."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.stepup import demand_second_factor
from imas.kernel.errors import UnprocessableError
from imas.web.messages import words_for
from ivaz import selectors
from ivaz.forms.roadside import GroundForm, RoadsideForm, RoadsideLogForm
from ivaz.pages.roadside import LogRow, RoadsidePage, rows_of
from ivaz.services import roadside
from ivaz.services.officers import officer_of
from representation.services.officers import officer_of as authority_of


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take what is looked for and why, and lead to what was found."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    is_sent = request.method == "POST"
    form = RoadsideForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        try:
            made = roadside.search(officer, form.cleaned_data["q"], form.ground)
        except UnprocessableError as refusal:
            title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
            form.add_error(
                "q" if refusal.code == "roadside-asked" else "note", f"{title}. {detail}"
            )
        else:
            return redirect("ivaz:roadside-search", made.pk)
    return render(request, "ivaz/roadside.html", {"form": form, "officer": officer})


@require_http_methods(["GET", "POST"])
def square(request: HttpRequest, token: str) -> HttpResponse:
    """Take the reason for which the waybill of a square is opened, and lead to it."""
    officer = officer_of(request.user)
    rn = roadside.rn_of_square(token)
    if answer := demand_second_factor(request):
        return answer
    is_sent = request.method == "POST"
    form = GroundForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        made = roadside.search_by_square(officer, token, form.ground)
        if made.found:
            return redirect("ivaz:roadside-waybill", made.pk, rn)
        return redirect("ivaz:roadside-search", made.pk)
    context = {"form": form, "officer": officer, "rn": rn}
    return render(request, "ivaz/roadside.html", context)


@require_GET
def found(request: HttpRequest, roadside_search_id: UUID) -> HttpResponse:
    """List what a search of the officer found."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    made, waybills = roadside.found_by(officer, roadside_search_id)
    context = {"search": made, "rows": rows_of(waybills)}
    return render(request, "ivaz/roadside_found.html", context)


@require_GET
def waybill(request: HttpRequest, roadside_search_id: UUID, rn: str) -> HttpResponse:
    """Show an officer a whole waybill; that it was opened is written down."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    page = RoadsidePage(roadside.open_waybill(officer, roadside_search_id, rn))
    context = {"page": page, "search_id": roadside_search_id}
    return render(request, "ivaz/roadside_waybill.html", context)


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """Show the authority who searched what, on which ground, and what was opened."""
    authority_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    form = RoadsideLogForm(request.GET)
    page = selectors.roadside_log(form.query, request.GET.get("at", ""))
    context = {"form": form, "page": page, "rows": [LogRow(made) for made in page.rows]}
    return render(request, "ivaz/roadside_log.html", context)
