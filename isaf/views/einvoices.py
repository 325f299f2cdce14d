"""E-invoices of the taxpayer beside his register of issued invoices."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from imas.web.exports import csv_response, xlsx_response
from isaf.forms.crosscheck import PeriodForm
from isaf.pages.einvoices import HEADERS, ShownEInvoice
from isaf.selectors import einvoices, pairs
from representation.requests import PortalRequest
from representation.services import journal_view


@require_GET
def einvoices_seen(request: HttpRequest) -> HttpResponse:
    """Show the e-invoices of a period and what the register says of each."""
    acting = cast("PortalRequest", request).acting
    form = PeriodForm(request.GET, pairs.submitted_periods(acting))
    if (period := form.asked_period) is None:
        return render(request, "isaf/crosscheck_nothing.html", {})
    page = einvoices.einvoice_page(acting, period, request.GET.get("at", ""))
    journal_view(acting, "isaf.crosscheck-seen", period.code)
    rows = [ShownEInvoice(row) for row in page.rows]
    context = {"form": form, "period": period, "page": page, "rows": rows}
    return render(request, "isaf/einvoices.html", context)


@require_GET
def einvoices_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Give the e-invoices of a period as a table to take away."""
    acting = cast("PortalRequest", request).acting
    asked = PeriodForm(request.GET, pairs.submitted_periods(acting))
    if (period := asked.asked_period) is None:
        return redirect("isaf:crosschecks")
    found = einvoices.every_einvoice(acting, period)
    journal_view(acting, "isaf.crosscheck-exported", period.code)
    answer = xlsx_response if form == "xlsx" else csv_response
    rows = (ShownEInvoice(row).cells for row in found)
    name = f"e-invoices {period.code}".replace("/", "–")
    return answer(f"{name}.{form}", HEADERS, rows)
