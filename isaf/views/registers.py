"""Registers: by period, with their invoices, and on their way to being submitted."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from imas.kernel.errors import NotFoundError
from imas.web.exports import csv_response, xlsx_response
from intake import presenting
from isaf import retired_forms, selectors, services, tasks
from isaf.forms.filters import InvoiceFilterForm
from isaf.limits import limits_told, require_whole, submits_registers
from isaf.models import Register
from isaf.pages.crosscheck import pair_shown
from isaf.pages.feedings import feedings_shown
from isaf.pages.groups import HEADERS, GroupForm, ShownGroup, shown_groups
from isaf.pages.registers import chips_of, register_tabs
from isaf.pages.saved_views import saved_views
from isaf.register_files import xml_response
from isaf.retired_forms import RetiredForm, form_lines, forms_of
from isaf.selectors.changes import revisions_of
from isaf.selectors.grouping import GROUPS_TAKEN, Groups, groups_of
from isaf.selectors.postponements import deadline_of
from isaf.services import entering
from isaf.tables import registers as tables
from isaf.types import InvoiceType, RegisterType, ViewPage
from representation.requests import PortalRequest
from representation.services import journal_view
from representation.types import Acting


@require_GET
def registers(request: HttpRequest) -> HttpResponse:
    """List the tax periods with their registers, deadlines and what to do next."""
    acting = cast("PortalRequest", request).acting
    context = {
        "lines": selectors.period_lines(acting),
        "may_upload": acting.may("isaf.upload"),
        "may_declare_nil": acting.may_wholly("isaf.upload"),
        "may_postpone": acting.may_wholly("isaf.submit"),
        "entry_register": next(iter(entering.registers_entered(acting)), None),
        "may_submit": submits_registers(acting),
        "limits": limits_told(acting, "isaf.view"),
    }
    return render(request, "isaf/registers.html", context)


@require_GET
def register(request: HttpRequest, number: str) -> HttpResponse:
    """Show a register: its invoices as asked for, their sums, its parts and findings."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    journal_view(acting, "isaf.register-seen", number)
    if found.type == RegisterType.SETTLEMENT:
        return _settlements(request, found)
    form = InvoiceFilterForm(request.GET)
    query = form.query
    context = {
        "form": form,
        "page": selectors.invoice_page(found, query, request.GET.get("at", "")),
        "totals": selectors.invoice_totals(found, query),
        "retired_forms": forms_of(found),
        "is_everything": query.is_everything,
        "chips": chips_of(form, request.GET),
        "saved": saved_views(acting, ViewPage.INVOICES, request.GET),
    }
    return _page(request, "isaf/register.html", found, context)


def _settlements(request: HttpRequest, found: Register) -> HttpResponse:
    context = {"page": selectors.settlement_page(found, request.GET.get("at", ""))}
    return _page(request, "isaf/register_settlements.html", found, context)


def _page(
    request: HttpRequest, template: str, found: Register, context: dict[str, Any]
) -> HttpResponse:
    """Draw one of the pages that share templates/isaf/register_base.html."""
    acting = cast("PortalRequest", request).acting
    shared = {
        "register": found,
        "tabs": register_tabs(found, request.path),
        "may_submit": submits_registers(acting),
        "limits": limits_told(acting, "isaf.view"),
    }
    return render(request, template, {**shared, **context})


@require_GET
def register_problems(request: HttpRequest, number: str) -> HttpResponse:
    """Show what the files and the checks found, grouped by kind."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    context = {"groups": selectors.problem_groups(found)}
    return _page(request, "isaf/register_problems.html", found, context)


@require_GET
def register_problems_export(request: HttpRequest, number: str, form: str) -> HttpResponseBase:
    """Give the findings of a register as a table to take away."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    answer = xlsx_response if form == "xlsx" else csv_response
    headers, rows = presenting.export_rows(selectors.KIND, selectors.every_problem(found))
    return answer(f"{number}-problems.{form}", headers, rows)


@require_GET
def register_groups(request: HttpRequest, number: str) -> HttpResponse:
    """Show the invoices as asked for in groups, the largest first."""
    acting = cast("PortalRequest", request).acting
    found = _of_invoices(acting, number)
    journal_view(acting, "isaf.register-seen", number)
    form, groups, rows = _grouped(request, found)
    context = {
        "form": form,
        "groups": groups,
        "rows": list(rows),
        "chips": chips_of(form, request.GET),
        "saved": saved_views(acting, ViewPage.GROUPS, request.GET),
    }
    return _page(request, "isaf/register_groups.html", found, context)


@require_GET
def register_groups_export(request: HttpRequest, number: str, form: str) -> HttpResponseBase:
    """Give the groups as a table to take away."""
    acting = cast("PortalRequest", request).acting
    found = _of_invoices(acting, number)
    journal_view(acting, "isaf.register-exported", number)
    answer = xlsx_response if form == "xlsx" else csv_response
    _form, _groups, rows = _grouped(request, found, most=GROUPS_TAKEN)
    return answer(f"{number}-groups.{form}", HEADERS, (row.cells for row in rows))


def _of_invoices(acting: Acting, number: str) -> Register:
    found = selectors.find_register(acting, number)
    if found.type == RegisterType.SETTLEMENT:
        raise NotFoundError("register-not-found", number=number)
    return found


def _grouped(
    request: HttpRequest, found: Register, most: int | None = None
) -> tuple[GroupForm, Groups, Iterator[ShownGroup]]:
    form = GroupForm(request.GET)
    by = form.chosen
    groups = groups_of(found, form.query, by, most)
    total = selectors.invoice_totals(found, form.query).taxable
    return form, groups, shown_groups(found, groups, by, total, request.GET)


@require_GET
def register_parts(request: HttpRequest, number: str) -> HttpResponse:
    """Show the parts of a register and the files they came from, replaced ones too."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    context = {
        "parts": selectors.parts_of(found),
        "replaced": selectors.replaced_parts(found),
        "revisions": revisions_of(found),
    }
    return _page(request, "isaf/register_parts.html", found, context)


@require_GET
def register_export(request: HttpRequest, number: str, form: str) -> HttpResponseBase:
    """Give the invoices as asked for as a table to take away."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    journal_view(acting, "isaf.register-exported", number)
    answer = xlsx_response if form == "xlsx" else csv_response
    rows = selectors.every_invoice(found, InvoiceFilterForm(request.GET).query)
    return answer(f"{number}.{form}", tables.INVOICE_HEADERS, map(tables.invoice_cells, rows))


@require_GET
def register_retired_form(
    request: HttpRequest, number: str, retired: str, form: str
) -> HttpResponseBase:
    """Give a register as the lines of a form that i.SAF replaced."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    lines = form_lines(found, RetiredForm(retired))
    journal_view(acting, "isaf.register-exported", number)
    answer = xlsx_response if form == "xlsx" else csv_response
    return answer(f"{retired} {number}.{form}", retired_forms.HEADERS, lines)


@require_GET
def register_xml(request: HttpRequest, number: str) -> HttpResponseBase:
    """Give what is asked for as i.SAF XML, a zip when it comes from several parts."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    journal_view(acting, "isaf.register-exported", number)
    query = InvoiceFilterForm(request.GET).query
    return xml_response(found, acting.taxpayer_code, query)


@require_http_methods(["GET", "POST"])
def register_submit(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is about to be submitted; submit it when that is confirmed."""
    acting = cast("PortalRequest", request).acting
    acting.require("isaf.submit")
    if request.method == "POST":
        submitted = services.submit_register(acting, number)
        tasks.queue_register(submitted)
        return redirect("isaf:register-submitted", number)
    found = selectors.find_register(acting, number)
    require_whole(acting, "isaf.submit", RegisterType(found.type))
    context = {
        "register": found,
        "parts": selectors.parts_of(found),
        "deadline": deadline_of(acting.taxpayer_id, found.period),
    }
    return render(request, "isaf/register_submit.html", context)


@require_GET
def register_submitted(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm that a register was submitted, with the receipt."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    if found.submitted_at is None:
        return redirect("isaf:register", number)
    return render(request, "isaf/register_submitted.html", {"register": found})


@require_POST
def register_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Give up a register that is being prepared."""
    acting = cast("PortalRequest", request).acting
    services.cancel_register(acting, number)
    messages.success(request, _("The register %(number)s was removed.") % {"number": number})
    return redirect("isaf:registers")


@require_GET
def invoice(request: HttpRequest, number: str, part_id: int, position: int) -> HttpResponse:
    """Show one invoice with its rows, references, findings and cross-check."""
    acting = cast("PortalRequest", request).acting
    found = selectors.find_register(acting, number)
    detail = selectors.find_invoice(found, part_id, position)
    journal_view(acting, "isaf.register-seen", number)
    context = {
        "register": found,
        "detail": detail,
        "pair": pair_shown(acting, found, detail),
        "may_carry": _may_carry(acting, found, detail.invoice.type),
        "feedings": feedings_shown(acting, found, detail),
    }
    return render(request, "isaf/invoice.html", context)


def _may_carry(acting: Acting, register: Register, invoice_type: str) -> bool:
    """Tell whether goods of an invoice may be carried by a waybill begun from it.

    i.VAZ takes the values from the page as typed ones; only the name of its right is known here.
    """
    is_sale = invoice_type in {"", InvoiceType.SF, InvoiceType.VS}
    is_issued = register.type == RegisterType.SALES
    return is_issued and is_sale and acting.may_wholly("ivaz.submit")
