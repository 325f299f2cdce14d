"""Sending files of waybills and reading what became of their records."""

from typing import cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from imas.web.paging import Keyset
from intake import pages, presenting
from intake import tasks as intake_tasks
from intake.models import Document
from intake.services import receive
from intake.types import Source
from ivaz import selectors
from ivaz.forms.filters import WaybillUploadForm
from ivaz.services.sending import RIGHT
from representation.requests import PortalRequest
from representation.types import Acting

_BY_ARRIVAL = Keyset("arrival", descending=True, size=25)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file or many; a single one leads to its verdict, many to the list."""
    acting = cast("PortalRequest", request).acting
    acting.require_wholly(RIGHT)
    is_sent = request.method == "POST"
    form = WaybillUploadForm(request.POST, request.FILES) if is_sent else WaybillUploadForm()
    if is_sent and form.is_valid():
        dry_run = form.cleaned_data["dry_run"]
        sent = [_receive(acting, file, dry_run=dry_run) for file in form.cleaned_data["documents"]]
        return redirect("ivaz:file", sent[0].pk) if len(sent) == 1 else redirect("ivaz:files")
    return render(request, "ivaz/upload.html", {"form": form})


@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """List what was sent."""
    acting = cast("PortalRequest", request).acting
    page = _BY_ARRIVAL.page(selectors.recent_files(acting), request.GET.get("at", ""))
    return render(request, "ivaz/files.html", {"page": page, "may_upload": acting.may(RIGHT)})


@require_GET
def file(request: HttpRequest, waybill_file_id: UUID) -> HttpResponse:
    """Show a file: how far it is, then what became of each record."""
    acting = cast("PortalRequest", request).acting
    document = selectors.find_file(acting, waybill_file_id)
    context = {
        "document": document,
        "groups": presenting.problem_groups(document),
        "page": selectors.verdict_page(document, request.GET.get("at", "")),
        "may_upload": acting.may(RIGHT),
    }
    return render(request, "ivaz/file.html", context)


@require_GET
def file_progress(request: HttpRequest, waybill_file_id: UUID) -> HttpResponse:
    """Answer the part of the page that shows progress; it reloads the page when all is done."""
    acting = cast("PortalRequest", request).acting
    document = selectors.find_file(acting, waybill_file_id)
    return pages.progress(request, document, request.path)


@require_GET
def file_problems(request: HttpRequest, waybill_file_id: UUID, form: str) -> HttpResponseBase:
    """Give the findings of a file as a table to take away."""
    acting = cast("PortalRequest", request).acting
    return pages.problems_file(selectors.find_file(acting, waybill_file_id), form)


def _receive(acting: Acting, sent: "UploadedFile[bytes]", *, dry_run: bool) -> Document:
    document = receive(
        acting,
        selectors.KIND,
        sent,
        filename=sent.name or "",
        content_type=sent.content_type or "",
        source=Source.PORTAL_FILE,
        dry_run=dry_run,
    )
    intake_tasks.queue(document)
    return document
