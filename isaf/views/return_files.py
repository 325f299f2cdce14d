"""A preliminary return as a file: for EDS, as a workbook, as CSV, on paper."""

from typing import cast
from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from imas.kernel.errors import NotFoundError
from imas.web.exports import attached, csv_response, stored_file, xlsx_response
from imas.web.pdf import pdf_response
from isaf.pages.returns import ReturnPage
from isaf.return_ffdata import ffdata_of
from isaf.selectors import returns
from isaf.tables import returns as tables
from representation.requests import PortalRequest
from representation.services import journal_view

_DIGITS = 9


@require_GET
def return_export(request: HttpRequest, return_id: UUID, form: str) -> HttpResponseBase:
    """Give a version of a return to take away: for EDS, on paper, or row by row."""
    page, name = _taken(request, return_id)
    if form == "ffdata":
        assert page.version  # noqa: S101 - as taken
        return attached(ffdata_of(page.version), f"{name}.ffdata", "application/xml")
    if form == "pdf":
        acting = cast("PortalRequest", request).acting
        taxpayer = f"{acting.taxpayer_name} {acting.taxpayer_code}"
        return pdf_response(f"{name}.pdf", tables.PAPER, tables.paper(page, taxpayer))
    respond = xlsx_response if form == "xlsx" else csv_response
    return respond(f"{name}.{form}", tables.HEADERS, tables.row_cells(page))


@require_GET
def return_boxes_export(request: HttpRequest, return_id: UUID, form: str) -> HttpResponseBase:
    """Give the boxes of a version of FR0600, or the lines of FR0564."""
    page, name = _taken(request, return_id)
    respond = xlsx_response if form == "xlsx" else csv_response
    boxes = _("boxes")
    return respond(f"{name} {boxes}.{form}", *tables.box_table(page))


@require_GET
def return_line_file(request: HttpRequest, line_id: int, proof_id: int) -> FileResponse:
    """Give a file that bears a line out; a browser saves it and never shows it."""
    acting = cast("PortalRequest", request).acting
    return stored_file(returns.file_of_line(acting, line_id, proof_id))


def _taken(request: HttpRequest, return_id: UUID) -> tuple[ReturnPage, str]:
    """Return the version asked for, the newest unless told, and what its files are called.

    NotFoundError("return-not-found") for one whose rows are gone.
    """
    acting = cast("PortalRequest", request).acting
    found = returns.find_return(acting, return_id)
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isdecimal() and len(asked) < _DIGITS else 0
    page = ReturnPage(found, returns.find_version(found, number or None))
    if not page.has_rows:
        raise NotFoundError("return-not-found")
    journal_view(acting, "isaf.return-exported", found.number)
    return page, f"{found.form} {found.period.code}".replace("/", "–")
