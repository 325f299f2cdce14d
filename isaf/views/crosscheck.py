"""The live cross-check, and the reports ordered of it."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from imas.web.exports import csv_response, xlsx_response
from imas.web.pdf import pdf_response
from isaf import crosscheck_papers as papers
from isaf import tasks
from isaf.forms.crosscheck import OrderForm, PairFilterForm
from isaf.models import StandingOrder
from isaf.pages.crosscheck import LivePage, ReportPage, ShownOrder
from isaf.pages.saved_views import saved_views
from isaf.selectors import pairs, reports
from isaf.selectors.einvoices import has_einvoices
from isaf.services import standing
from isaf.services.crosscheck import order_cross_check
from isaf.tables import crosscheck as tables
from isaf.types import ViewPage
from representation.requests import PortalRequest
from representation.services import journal_view


@require_GET
def crosschecks(request: HttpRequest) -> HttpResponse:
    """Show the live cross-check of a period: numbers on top, then the pairs side by side."""
    acting = cast("PortalRequest", request).acting
    form = PairFilterForm(request.GET, pairs.submitted_periods(acting))
    if (period := form.asked_period) is None:
        return render(request, "isaf/crosscheck_nothing.html", {})
    journal_view(acting, "isaf.crosscheck-seen", period.code)
    saved = saved_views(acting, ViewPage.PAIRS, request.GET)
    page = LivePage(acting, period, form, request.GET.get("at", ""))
    context = {
        "live": page,
        "form": form,
        "saved": saved,
        "has_einvoices": has_einvoices(acting),
    }
    return render(request, "isaf/crosscheck.html", context)


@require_GET
def crosschecks_export(request: HttpRequest) -> HttpResponseBase:
    """Give the pairs that are shown as a workbook to take away."""
    acting = cast("PortalRequest", request).acting
    form = PairFilterForm(request.GET, pairs.submitted_periods(acting))
    if (period := form.asked_period) is None:
        return redirect("isaf:crosschecks")
    found = pairs.every_pair(acting, period, form.query_with_state)
    journal_view(acting, "isaf.crosscheck-exported", period.code)
    rows = (tables.export_cells(tables.shown(pair)) for pair in found)
    return xlsx_response(f"i.SAF {period.code}.xlsx".replace("/", "–"), tables.EXPORT_HEADERS, rows)


@require_GET
def reports_ordered(request: HttpRequest) -> HttpResponse:
    """List the reports that were ordered."""
    acting = cast("PortalRequest", request).acting
    page = reports.report_page(acting, request.GET.get("at", ""))
    orders = [ShownOrder(order) for order in StandingOrder.objects.visible_to(acting).active()]
    return render(request, "isaf/crosscheck_reports.html", {"page": page, "orders": orders})


@require_POST
def standing_stop(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Stop a standing order."""
    standing.stop(cast("PortalRequest", request).acting, order_id)
    messages.success(request, _("The report is no longer ordered by itself."))
    return redirect("isaf:crosscheck-reports")


@require_http_methods(["GET", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """Order a report on one or several periods."""
    acting = cast("PortalRequest", request).acting
    periods = pairs.submitted_periods(acting)
    form = OrderForm(request.POST or None, periods, request.GET.get("period", ""))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["every_period"]:
            standing.start(acting, form.query, form.chosen_periods)
        report = order_cross_check(acting, form.chosen_periods, form.query)
        tasks.run_cross_check.delay_on_commit(str(report.pk))
        return redirect("isaf:crosscheck", report.pk)
    return render(request, "isaf/crosscheck_order.html", {"form": form, "periods": periods})


@require_GET
def crosscheck(request: HttpRequest, crosscheck_id: UUID) -> HttpResponse:
    """Show an ordered report, or how far it is."""
    acting = cast("PortalRequest", request).acting
    report = reports.find_report(acting, crosscheck_id)
    page = ReportPage(report, request.GET)
    return render(request, "isaf/crosscheck_report.html", {"shown": page, "report": report})


@require_GET
def crosscheck_progress(request: HttpRequest, crosscheck_id: UUID) -> HttpResponse:
    """Answer the part of a page that asks whether the report is ready."""
    acting = cast("PortalRequest", request).acting
    report = reports.find_report(acting, crosscheck_id)
    answer = render(request, "isaf/crosscheck_progress.html", {"report": report})
    if report.is_finished:
        answer["HX-Refresh"] = "true"
    return answer


@require_GET
def crosscheck_export(request: HttpRequest, crosscheck_id: UUID, form: str) -> HttpResponseBase:
    """Give a report as a workbook, as CSV or as a paper to take away."""
    acting = cast("PortalRequest", request).acting
    report = reports.find_ready_report(acting, crosscheck_id)
    journal_view(acting, "isaf.crosscheck-exported", report.number)
    if form == "pdf":
        taxpayer = f"{acting.taxpayer_name} {acting.taxpayer_code}"
        paper = papers.report_paper(report, taxpayer)
        return pdf_response(f"{report.number}.pdf", papers.TEMPLATE, paper)
    lines = reports.lines_of(report).iterator(chunk_size=2000)
    rows = (tables.export_cells(tables.reported(line)) for line in lines)
    respond = xlsx_response if form == "xlsx" else csv_response
    return respond(f"{report.number}.{form}", tables.EXPORT_HEADERS, rows)
