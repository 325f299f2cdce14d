"""Web service: registers, their invoices, and submitting."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from isaf import selectors, services, tasks
from isaf.api.filters import FILTERS, asked_of
from isaf.api.shapes import InvoicesOut, RegisterDetailOut, RegisterOut, RegistersOut
from isaf.register_files import xml_response
from isaf.services.periods import asked_period
from representation.api import TaxpayerAPIView
from representation.services import journal_view

_PERIOD = OpenApiParameter(
    "period", str, description="Code of a month, quarter or half-year: 2026-10, 2026-Q4, 2026-H2."
)
_CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")


class RegistersView(TaxpayerAPIView):
    """The taxpayer's registers."""

    @extend_schema(operation_id="registers", parameters=[_PERIOD], responses=RegistersOut)
    def get(self, request: Request) -> Response:
        """List registers, all revisions, newest period first."""
        code = request.query_params.get("period", "")
        rows = selectors.registers_of(self.acting, asked_period(code) if code else None)
        return Response(RegistersOut({"items": rows}).data)


class RegisterView(TaxpayerAPIView):
    """One register."""

    @extend_schema(operation_id="register", responses=RegisterDetailOut)
    def get(self, _request: Request, number: str) -> Response:
        """Show a register with its parts and what its checks found."""
        found = selectors.find_register(self.acting, number)
        found.problems_summary = selectors.problem_totals(found)  # type: ignore[attr-defined]
        return Response(RegisterDetailOut(found).data)


class InvoicesView(TaxpayerAPIView):
    """The invoices of one register."""

    @extend_schema(
        operation_id="register_invoices", parameters=[_CURSOR, *FILTERS], responses=InvoicesOut
    )
    def get(self, request: Request, number: str) -> Response:
        """Page through the invoices that are asked for, in the order of the files."""
        found = selectors.find_register(self.acting, number)
        query = asked_of(request)
        journal_view(self.acting, "isaf.register-exported", number)
        cursor = request.query_params.get("cursor", "")
        page = selectors.invoice_page(found, query, cursor)
        return Response(InvoicesOut({"items": page.rows, "next": page.next or None}).data)


class RegisterXmlView(TaxpayerAPIView):
    """A register as i.SAF XML."""

    @extend_schema(
        operation_id="register_xml",
        parameters=FILTERS,
        responses={
            (200, "application/xml"): OpenApiTypes.BINARY,
            (200, "application/zip"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, number: str) -> HttpResponseBase:
        """Write what is asked for as XML, a zip when it comes from several parts.

        A file that is sent in again replaces its whole part, in the other registers too.
        """
        found = selectors.find_register(self.acting, number)
        query = asked_of(request)
        journal_view(self.acting, "isaf.register-exported", number)
        return xml_response(found, self.acting.taxpayer_code, query)


class SubmitView(TaxpayerAPIView):
    """Submitting a register."""

    @extend_schema(operation_id="register_submit", request=None, responses={202: RegisterOut})
    def post(self, _request: Request, number: str) -> Response:
        """Submit a prepared register; its verdict comes by and by."""
        submitted = services.submit_register(self.acting, number)
        tasks.queue_register(submitted)
        found = selectors.find_submitted(self.acting, number)
        return Response(RegisterOut(found).data, status=status.HTTP_202_ACCEPTED)
