"""What the pages of a file answer whatever subsystem it is of."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from imas.web.exports import csv_response, xlsx_response
from intake import presenting
from intake.models import Document


def progress(request: HttpRequest, document: Document, poll_url: str) -> HttpResponse:
    """Answer the part of a page that shows progress; once all is done it reloads the page."""
    if not document.is_waiting:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "intake/_progress.html", {"document": document, "poll_url": poll_url})


def problems_file(document: Document, form: str) -> HttpResponseBase:
    """Answer the findings of a file as a table to take away, "xlsx" or "csv"."""
    respond = xlsx_response if form == "xlsx" else csv_response
    headers, rows = presenting.export_rows(document.kind, document.problems.iterator())
    return respond(f"{document.number}.{form}", headers, rows)
