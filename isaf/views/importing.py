"""Taking a spreadsheet into the sheet of a period: the file, then what its columns hold."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from imas.kernel.periods import Period
from isaf.forms.imports import ColumnsForm, SpreadsheetForm
from isaf.services import entering, importing
from isaf.types import RegisterType
from representation.requests import PortalRequest

_EXAMPLES = 3


@require_http_methods(["GET", "POST"])
def entry_import(request: HttpRequest, period: Period, register: RegisterType) -> HttpResponse:
    """Take a spreadsheet and go on to its columns."""
    acting = cast("PortalRequest", request).acting
    entering.require_sheet(acting, period, register)
    is_sent = request.method == "POST"
    form = SpreadsheetForm(request.POST, request.FILES) if is_sent else SpreadsheetForm()
    if is_sent and form.is_valid():
        file = form.cleaned_data["spreadsheet"]
        taken = importing.take_spreadsheet(acting, period, register, file, file.name or "")
        return redirect("isaf:entry-columns", period, register, taken.pk)
    context = {"form": form, "period": period, "register": register}
    return render(request, "isaf/entry_import.html", context)


@require_http_methods(["GET", "POST"])
def entry_columns(
    request: HttpRequest, period: Period, register: RegisterType, import_id: UUID
) -> HttpResponse:
    """Show what the columns seem to hold; take the records in when that is confirmed."""
    acting = cast("PortalRequest", request).acting
    spreadsheet = importing.find_import(acting, period, register, import_id)
    given = request.POST if request.method == "POST" else None
    form = ColumnsForm(given, spreadsheet=spreadsheet, initial=importing.columns_for(spreadsheet))
    mistakes = None
    if given is not None and form.is_valid():
        taken, mistakes = importing.take_in(acting, period, spreadsheet, form.columns)
        if taken:
            words = ngettext(
                "%(count)s record was taken in.", "%(count)s records were taken in.", taken
            )
            messages.success(request, words % {"count": taken})
            return redirect("isaf:entry", period, register)
    context = {
        "form": form,
        "period": period,
        "register": register,
        "spreadsheet": spreadsheet,
        "examples": spreadsheet.lines[:_EXAMPLES],
        "mistakes": mistakes,
    }
    return render(request, "isaf/entry_columns.html", context)
