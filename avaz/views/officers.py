"""Officers' pages: outages declared, ended, corrected, withdrawn; announcements of everybody."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.stepup import demand_second_factor
from avaz import pages, selectors
from avaz.deadlines import overdue_before
from avaz.forms import CorrectionForm, FallbackFilterForm, OutageForm, WithdrawalForm
from avaz.services import declaring, exporting
from avaz.types import Standing
from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from imas.web.exports import csv_response
from imas.web.messages import words_for
from representation.services.officers import officer_of


@require_GET
def outages(request: HttpRequest) -> HttpResponse:
    """List outages, with what to do about those that last."""
    officer_of(request.user)
    page = selectors.outage_page(request.GET.get("at", ""))
    return render(request, "avaz/outages_desk.html", {"page": page})


@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Take the declaration of an outage."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    form = OutageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = declaring.declare(officer, form.declaration)
        except UnprocessableError as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, _("The outage is declared; taxpayers are told."))
            return redirect("avaz:outage", made.pk)
    return render(request, "avaz/outage_declare.html", {"form": form})


@require_GET
def outage(request: HttpRequest, outage_id: UUID) -> HttpResponse:
    """Show an outage with its history and what can be done about it."""
    officer_of(request.user)
    found = selectors.find_outage(outage_id)
    standing = found.standing(clock.now())
    context = {
        "outage": found,
        "events": pages.history_of(found),
        "may_end": standing is Standing.LASTS,
        "may_change": standing is not Standing.WITHDRAWN,
    }
    return render(request, "avaz/outage_desk.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, outage_id: UUID) -> HttpResponse:
    """Take what is said of an outage instead of what was wrong."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    found = selectors.find_outage(outage_id)
    form = CorrectionForm(request.POST or None, initial=CorrectionForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("version", "why")}
        try:
            declaring.correct(officer, outage_id, form.declaration(found), **told)
        except UnprocessableError as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, _("The outage is corrected; taxpayers are told."))
            return redirect("avaz:outage", outage_id)
    return render(request, "avaz/outage_correct.html", {"form": form, "outage": found})


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, outage_id: UUID) -> HttpResponse:
    """Take back an outage that was declared by mistake."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    found = selectors.find_outage(outage_id)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        declaring.withdraw(officer, outage_id, why=form.cleaned_data["why"])
        messages.success(request, _("The outage is withdrawn; taxpayers are told."))
        return redirect("avaz:outage", outage_id)
    return render(request, "avaz/outage_withdraw.html", {"form": form, "outage": found})


@require_POST
def end(request: HttpRequest, outage_id: UUID) -> HttpResponse:
    """Say that an outage is over."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    declaring.end(officer, outage_id)
    messages.success(request, _("The outage is over; taxpayers are told."))
    return redirect("avaz:outage", outage_id)


@require_GET
def fallbacks(request: HttpRequest) -> HttpResponse:
    """List announcements of all taxpayers, the overdue ones unless asked otherwise."""
    officer_of(request.user)
    form = FallbackFilterForm(request.GET)
    before = overdue_before(clock.now())
    page = selectors.fallback_desk_page(form.query, before, request.GET.get("at", ""))
    context = {
        "form": form,
        "page": page,
        "rows": [pages.FallbackRow(one, before) for one in page.rows],
        "is_filtered": bool(request.GET),
        "query": request.GET.urlencode(),
    }
    return render(request, "avaz/fallbacks_desk.html", context)


@require_GET
def fallbacks_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Give what the list shows as a table to take away."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    before = overdue_before(clock.now())
    found = exporting.taken_away(officer, FallbackFilterForm(request.GET).query, before)
    rows = pages.export_rows(found, before)
    return csv_response(f"a.VAZ-{clock.today()}.csv", pages.export_headings(), rows)


def _tell(form: Form, refusal: UnprocessableError) -> None:
    place = {
        "avaz-outage-time": "end",
        "avaz-outage-far": "start",
        "avaz-outage-effect": "effect",
    }.get(refusal.code)
    title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
    form.add_error(place, f"{title}. {detail}")
