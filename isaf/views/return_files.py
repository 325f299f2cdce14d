"""A preliminary return as a file: for EDS, as a workbook, as CSV, on paper."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from imas.web.exports import attached, csv_response, xlsx_response
from imas.web.pdf import pdf_response
from isaf.pages.returns import ReturnPage
from isaf.return_ffdata import ffdata_of
from isaf.selectors import returns
from isaf.tables import returns as tables
from representation.requests import PortalRequest
from representation.services import journal_view


@require_GET
def return_export(request: HttpRequest, return_id: UUID, form: str) -> HttpResponseBase:
    """Give the newest version of a return to take away."""
    acting = cast("PortalRequest", request).acting
    found = returns.find_return(acting, return_id)
    page = ReturnPage(found, returns.newest_version(found))
    if page.version is None:
        raise NotFoundError("return-not-found")
    journal_view(acting, "isaf.return-exported", found.number)
    name = f"{found.form} {found.period.code}".replace("/", "–")
    if form == "ffdata":
        content = ffdata_of(page.version, clock.today())
        return attached(content, f"{name}.ffdata", "application/xml")
    if form == "pdf":
        taxpayer = f"{acting.taxpayer_name} {acting.taxpayer_code}"
        return pdf_response(f"{name}.pdf", tables.PAPER, tables.paper(page, taxpayer))
    respond = xlsx_response if form == "xlsx" else csv_response
    return respond(f"{name}.{form}", tables.HEADERS, tables.row_cells(page))
