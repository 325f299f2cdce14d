"""Looking taxpayers up, one by one or a file of codes at once."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from imas.kernel import clock
from imas.kernel.errors import RefusedDocumentError, UnprocessableError
from imas.kernel.identifiers import normalise_vat, vat_prefix
from imas.web.exports import csv_response, xlsx_response
from imas.web.messages import words_for
from representation.attempts import spend_look_ups
from representation.register_forms import CheckFileForm, LookupForm
from representation.registers import published
from representation.registers.published import Published
from representation.registers.sheets import codes_of

_HEADERS = (
    _("Asked"),
    _("Found"),
    _("Name"),
    _("Code"),
    _("VAT code"),
    _("VAT payer since"),
    _("VAT payer until"),
    _("Farmers' compensation scheme"),
    _("Deregistered"),
    _("On the day"),
)
_YES, _NO = _("yes"), _("no")


@require_safe
def lookup(request: HttpRequest) -> HttpResponseBase:
    """Find a taxpayer by code, VAT code or name."""
    form = LookupForm(request.GET or None, initial={"on": clock.today()})
    asked = form.is_valid() and form.cleaned_data["q"]
    page = {"form": form, "asked": asked, "found": _found(request, form) if asked else []}
    return render(request, "representation/lookup.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def lookup_file(request: HttpRequest) -> HttpResponseBase:
    """Check a file of codes and give the answers as a file."""
    form = CheckFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (answer := _checked(request, form)):
        return answer
    page = {"form": form, "limit": settings.LOOKUP_BATCH}
    return render(request, "representation/lookup_file.html", page)


def _found(request: HttpRequest, form: LookupForm) -> list[Published]:
    text, on = form.cleaned_data["q"], form.cleaned_data["on"] or clock.today()
    _spend(request)
    if text.isdigit():
        return published.by_code(text, on)
    code = normalise_vat(text)
    if vat_prefix(code) and code[2:].isdigit():
        return published.by_vat(text, on)
    try:
        return published.by_name(text, on)
    except UnprocessableError as refusal:
        form.add_error("q", words_for(refusal.code, refusal.default_code, refusal.params)[1])
        return []


def _checked(request: HttpRequest, form: CheckFileForm) -> HttpResponseBase | None:
    typed = form.cleaned_data
    try:
        codes = codes_of(typed["document"].file, settings.LOOKUP_BATCH)
    except RefusedDocumentError as refusal:
        title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
        form.add_error("document", f"{title}. {detail}")
        return None
    _spend(request, len(codes))
    rows = _rows(codes, published.check_many(codes, typed["on"]), typed["on"])
    if typed["form"] == "csv":
        return csv_response("mokesciu-moketojai.csv", _HEADERS, rows)
    return xlsx_response("mokesciu-moketojai.xlsx", _HEADERS, rows)


def _rows(
    codes: Sequence[str], found: Sequence[Published | None], on: date
) -> Iterator[Sequence[Any]]:
    for code, one in zip(codes, found, strict=True):
        if one is None:
            yield (code, str(_NO), "", "", "", "", "", "", "", on)
            continue
        farmer = str(_YES if one.farmer_scheme else _NO)
        days = (one.vat_since, one.vat_until)
        yield (code, str(_YES), one.name, one.code, one.vat_code, *days, farmer, one.ended_on, on)


def _spend(request: HttpRequest, codes: int = 1) -> None:
    spend_look_ups(f"page-{cast('PersonRequest', request).user.pk}", codes)
