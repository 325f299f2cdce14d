"""Sending files and reading their verdicts."""

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
from intake.types import Source
from isaf import selectors
from isaf.forms.uploads import UploadForm
from isaf.limits import limits_told, submits_registers
from isaf.services import uploading
from representation.requests import PortalRequest
from representation.types import Acting

_BY_ARRIVAL = Keyset("arrival", descending=True, size=25)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file or many; a single one leads to its verdict, many to the list."""
    acting = cast("PortalRequest", request).acting
    acting.require("isaf.upload")
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        documents = [_receive(acting, file, form) for file in form.cleaned_data["documents"]]
        one = len(documents) == 1
        return redirect("isaf:file", documents[0].pk) if one else redirect("isaf:files")
    page = {"form": form, "limits": limits_told(acting, "isaf.upload")}
    return render(request, "isaf/upload.html", page)


def _receive(acting: Acting, file: "UploadedFile[bytes]", form: UploadForm) -> Document:
    document = uploading.receive_file(
        acting, file, source=Source.PORTAL_FILE, dry_run=form.cleaned_data["dry_run"]
    )
    intake_tasks.queue(document)
    return document


@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """List what was sent."""
    acting = cast("PortalRequest", request).acting
    page = _BY_ARRIVAL.page(selectors.recent_files(acting), request.GET.get("at", ""))
    context = {"page": page, "may_upload": acting.may("isaf.upload")}
    return render(request, "isaf/files.html", context)


@require_GET
def file(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show a file: how far it is, then what was found in it and what to do next."""
    acting = cast("PortalRequest", request).acting
    document = selectors.find_file(acting, document_id)
    context = {
        "document": document,
        "groups": presenting.problem_groups(document),
        "registers": selectors.registers_of_file(acting, document),
        "may_submit": submits_registers(acting),
        "may_upload": acting.may("isaf.upload"),
    }
    return render(request, "isaf/file.html", context)


@require_GET
def file_progress(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Answer the part of the page that shows progress; it reloads the page when all is done."""
    acting = cast("PortalRequest", request).acting
    document = selectors.find_file(acting, document_id)
    return pages.progress(request, document, request.path)


@require_GET
def file_problems(request: HttpRequest, document_id: UUID, form: str) -> HttpResponseBase:
    """Give the findings of a file as a table to take away."""
    acting = cast("PortalRequest", request).acting
    return pages.problems_file(selectors.find_file(acting, document_id), form)
