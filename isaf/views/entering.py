"""Entering invoices and settlements by hand."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from imas.kernel import clock
from imas.kernel.periods import Period
from intake import tasks as intake_tasks
from isaf.entered import record_of
from isaf.forms.entry_initial import initial_of, typed
from isaf.limits import limits_told
from isaf.models import EntryRow
from isaf.pages.entries import fills_of, look_up_party, parties_like, tabs_of, verdict_of
from isaf.records import RecordForm, form_of
from isaf.selectors import entries
from isaf.services import entering
from isaf.types import FileContext, RegisterType
from representation.requests import PortalRequest
from representation.types import Acting


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, period: Period, register: RegisterType) -> HttpResponse:
    """Show what is entered of a register and take the next record."""
    acting = cast("PortalRequest", request).acting
    entering.require_sheet(acting, period, register)
    form = _asked(request, period, register, None)
    if request.method == "POST" and form.is_bound and form.is_valid():
        row = entering.save_row(acting, period, register, form.content())
        _say_saved(request, row)
        return redirect("isaf:entry", period=period, register=register)
    return _page(request, period, register, form, {})


@require_http_methods(["GET", "POST"])
def entry_row(
    request: HttpRequest, period: Period, register: RegisterType, row_id: int
) -> HttpResponse:
    """Show one record to be changed; keep the change."""
    acting = cast("PortalRequest", request).acting
    context = entering.require_sheet(acting, period, register)
    row = entries.find_entry(acting, period, register, row_id)
    form = _asked(request, period, register, row)
    if request.method == "POST" and form.is_bound and form.is_valid():
        version = form.cleaned_data["version"] or 0
        kept = entering.save_row(acting, period, register, form.content(), row=row, version=version)
        _say_saved(request, kept)
        return redirect("isaf:entry", period=period, register=register)
    told = {} if form.is_bound else _told(acting, row, context)
    return _page(request, period, register, form, {"row": row, **told})


@require_POST
def entry_check(request: HttpRequest, period: Period, register: RegisterType) -> HttpResponse:
    """Say what is wrong with a record while it is typed, and what follows from it."""
    acting = cast("PortalRequest", request).acting
    context = entering.require_sheet(acting, period, register)
    form = form_of(register)(request.POST, register=register, period=period)
    told: dict[str, Any] = {"fills": []}
    if form.is_valid():
        record = record_of(register, form.content())
        row = request.GET.get("row", "")
        found = entering.problems_in_sheet(
            acting, record, context, int(row) if row.isdecimal() else None
        )
        is_shared = form.cleaned_data.get("share") is not None
        told["verdict"] = verdict_of(record, found, is_shared=is_shared)
        told["fills"] += fills_of(form.read(), form.written_lines("rows"))
    if party := look_up_party(acting, form):
        told["party"] = party
        told["fills"].append(("id_party_name", party.name))
    return render(request, "isaf/_entry_verdict.html", told)


@require_GET
def entry_parties(request: HttpRequest, period: Period, register: RegisterType) -> HttpResponse:
    """Offer parties whose code or name is typed."""
    acting = cast("PortalRequest", request).acting
    entering.require_sheet(acting, period, register)
    text = request.GET.get("find", "").replace("\0", "")[:100]
    found = parties_like(acting, text, min(period.end, clock.today()))
    return render(request, "components/choices.html", {"choices": found, "text": text})


@require_POST
def entry_remove(
    request: HttpRequest, period: Period, register: RegisterType, row_id: int
) -> HttpResponse:
    """Take a record out of the sheet."""
    acting = cast("PortalRequest", request).acting
    entering.require_sheet(acting, period, register)
    row = entries.find_entry(acting, period, register, row_id)
    entering.remove_row(acting, period, row)
    messages.success(request, _("Removed: %(number)s.") % {"number": row.number})
    return redirect("isaf:entry", period=period, register=register)


@require_POST
def entry_cancel(
    request: HttpRequest, period: Period, register: RegisterType, row_id: int
) -> HttpResponse:
    """Mark an invoice as cancelled."""
    acting = cast("PortalRequest", request).acting
    entering.require_sheet(acting, period, register)
    row = entries.find_entry(acting, period, register, row_id)
    version = request.POST.get("version", "")
    entering.cancel_row(acting, period, row, int(version) if version.isdecimal() else 0)
    messages.success(request, _("Marked as cancelled: %(number)s.") % {"number": row.number})
    return redirect("isaf:entry", period=period, register=register)


@require_POST
def entry_hand_over(request: HttpRequest, period: Period) -> HttpResponse:
    """Make the sheet a part of the registers; the page of the file says how it goes."""
    document = entering.hand_over(cast("PortalRequest", request).acting, period)
    intake_tasks.queue(document)
    return redirect("isaf:file", document.pk)


def _asked(
    request: HttpRequest, period: Period, register: RegisterType, row: EntryRow | None
) -> RecordForm:
    """Return the form as it stands: sent, asked for another line, kept, copied or new."""
    acting = cast("PortalRequest", request).acting
    form = form_of(register)
    if request.method == "POST":
        sent = form(request.POST, register=register, period=period)
        more = request.POST.get("more", "")
        if more not in sent.lines:
            return sent
        return form(
            None, register=register, period=period, initial=typed(sent, request.POST), more=more
        )
    if row is not None:
        initial = {**initial_of(register, row.content), "version": row.version}
        return form(None, register=register, period=period, initial=initial)
    empty = form(
        None, register=register, period=period, initial=_new(acting, request, period, register)
    )
    empty.fields["number"].widget.attrs["autofocus"] = True
    return empty


def _new(
    acting: Acting, request: HttpRequest, period: Period, register: RegisterType
) -> dict[str, Any]:
    """Return what a new record begins with: a copy, or day and code of the one entered last."""
    copied = request.GET.get("copy", "")
    if copied.isdecimal():
        row = entries.find_entry(acting, period, register, int(copied))
        return {**initial_of(register, row.content), "number": ""}
    last = entries.last_entry(acting, period, register)
    if last is None:
        return {"party_country": "LT"}
    codes = [{"code": code} for _taxable, code, *_rest in last.content.get("rows", [])[:1]]
    return {"party_country": "LT", "issued": f"{last.day}", "rows": codes}


def _page(
    request: HttpRequest,
    period: Period,
    register: RegisterType,
    form: RecordForm,
    told: Mapping[str, Any],
) -> HttpResponse:
    acting = cast("PortalRequest", request).acting
    sheet = entries.sheet_shown(acting, period)
    context = {
        "period": period,
        "register": register,
        "form": form,
        "sheet": sheet,
        "tabs": tabs_of(sheet, period, entering.registers_entered(acting), register),
        "totals": sheet.of(register),
        "page": entries.entry_page(sheet.sheet, register, request.GET.get("at", "")),
        "limits": limits_told(acting, entering.RIGHT),
    }
    return render(request, "isaf/entry.html", {**context, **told})


def _told(acting: Acting, row: EntryRow, context: FileContext) -> dict[str, Any]:
    """Say what is wrong with a kept record when its page is opened, and what follows in it."""
    register = RegisterType(row.type)
    record = record_of(register, row.content)
    whole = record_of(register, {**row.content, "share": None})
    found = entering.problems_in_sheet(acting, record, context, row.pk)
    is_shared = bool(row.content.get("share"))
    return {
        "verdict": verdict_of(record, found, is_shared=is_shared),
        "fills": fills_of(whole, range(len(row.content.get("rows", ())))),
    }


def _say_saved(request: HttpRequest, row: EntryRow) -> None:
    number = {"number": row.number}
    if row.errors:
        messages.warning(request, _("Saved with errors: %(number)s.") % number)
    else:
        messages.success(request, _("Saved: %(number)s.") % number)
