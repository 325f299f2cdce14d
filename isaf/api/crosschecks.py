"""Web service: cross-check reports, their pairs, and taking them away."""

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from imas.kernel.errors import UnprocessableError
from imas.web.db import SUM_DIGITS
from imas.web.exports import XLSX, xlsx_response
from intake.idempotency import idempotent
from isaf import tasks
from isaf.likeness import Likeness
from isaf.matching import Field, Obstacle, SeenState
from isaf.models import CrossCheck, EInvoiceSource
from isaf.selectors import reports
from isaf.selectors.pairs import PairQuery
from isaf.selectors.summing import REGISTERS_TOLD
from isaf.services.crosscheck import order_cross_check
from isaf.services.periods import asked_period
from isaf.tables import crosscheck as tables
from isaf.tables.crosscheck import EInvoiceContent
from representation.api import TaxpayerAPIView
from representation.services import journal_view

RIGHT = "isaf.crosscheck"
RETRY_AFTER = "2"
_FIELD_NAMES = [str(field.name).lower() for field in Field]


class CrossCheckIn(serializers.Serializer[Any]):
    """What to report on; without `states` all mismatches are listed."""

    periods = serializers.ListField(
        child=serializers.CharField(max_length=21), help_text="Codes: 2026-10, 2026-Q4, 2026-H2."
    )
    states = serializers.ListField(
        child=serializers.ChoiceField(list(SeenState)), required=False, default=list
    )
    side = serializers.ChoiceField(
        ["S", "P"], required=False, default="", help_text="S issued, P received invoices only."
    )
    counterparty = serializers.CharField(
        max_length=35, required=False, default="", help_text="A VAT code or a taxpayer's code."
    )


class DifferencesOut(serializers.Serializer[Any]):
    """Sums of absolute differences in euros."""

    total = serializers.DecimalField(SUM_DIGITS, 2)
    taxable = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)


class OfSourceOut(serializers.Serializer[Any]):
    """What comparing with one source came to."""

    checked_invoices = serializers.IntegerField()
    mismatched_invoices = serializers.IntegerField()
    mismatches = serializers.IntegerField()
    by_kind = serializers.DictField(child=serializers.IntegerField())


class SummaryOut(serializers.Serializer[Any]):
    """A report in numbers: comparisons by state, mismatches by kind.

    An invoice compared with the counterparty's register and with an e-invoice is one invoice and
    two comparisons; of the two the larger difference is summed.
    """

    checked_invoices = serializers.IntegerField()
    mismatched_invoices = serializers.IntegerField()
    mismatches = serializers.IntegerField()
    by_state = serializers.DictField(child=serializers.IntegerField())
    by_kind = serializers.DictField(child=serializers.IntegerField())
    by_side = serializers.DictField(child=serializers.IntegerField())
    by_source = serializers.DictField(
        child=OfSourceOut(),
        default=dict,
        help_text="ISAF is the register of the counterparty; others are systems of e-invoices.",
    )
    differences = DifferencesOut()


class CrossCheckOut(serializers.Serializer[CrossCheck]):
    """An ordered report; `summary` is null until it is ready."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    periods = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(["ordered", "running", "ready", "failed"])
    ordered_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    summary = serializers.SerializerMethodField()

    @extend_schema_field(SummaryOut(allow_null=True))
    def get_summary(self, report: CrossCheck) -> dict[str, Any] | None:
        """Return the numbers once they are there."""
        return SummaryOut(report.summary).data if report.summary else None


class SideOut(serializers.Serializer[Any]):
    """What one side says of an invoice; VAT without the buyer's reverse charge.

    An e-invoice says neither type nor codes; `currency` is that of its sums.
    """

    number = serializers.CharField()
    issued = serializers.DateField()
    type = serializers.SerializerMethodField()
    taxable = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)
    total = serializers.DecimalField(SUM_DIGITS, 2)
    codes = serializers.SerializerMethodField()
    currency = serializers.SerializerMethodField()

    def get_type(self, told: Any) -> str:
        """Return the type; empty for an e-invoice."""
        return "" if isinstance(told, EInvoiceContent) else told.type

    def get_currency(self, told: Any) -> str:
        """Return the currency; registers are in euros."""
        return told.currency if isinstance(told, EInvoiceContent) else "EUR"

    def get_codes(self, told: Any) -> list[str]:
        """Return the VAT classifier codes that are stated."""
        return sorted(told.codes - {""})


class PairOut(serializers.Serializer[Any]):
    """One deal; `ours` or `theirs` is null where that side lists nothing."""

    state = serializers.ChoiceField(list(SeenState))
    reason = serializers.ChoiceField([*Obstacle, *Likeness], allow_blank=True)
    differs = serializers.SerializerMethodField()
    hint = serializers.CharField(allow_null=True)
    side = serializers.ChoiceField(["S", "P"], help_text="S we issued, P we received.")
    month = serializers.DateField(help_text="First day of the month the deal is counted in.")
    counterparty_code = serializers.CharField(source="code")
    counterparty_vat = serializers.CharField(source="vat_code")
    counterparty_name = serializers.CharField(source="name")
    our_register = serializers.CharField(source="source")
    our_buyer = serializers.CharField(help_text="Whom our register names beside an e-invoice.")
    compared_with = serializers.SerializerMethodField()
    deal = serializers.CharField(
        source="key",
        allow_null=True,
        help_text="The key of the deal, to talk of it to the other side; a number of 64 bits.",
    )
    ours = SideOut(allow_null=True)
    theirs = SideOut(allow_null=True)

    @extend_schema_field(
        serializers.ChoiceField(
            [REGISTERS_TOLD, *(one.value for one in EInvoiceSource)],
            help_text="ISAF is the register of the counterparty; others hold e-invoices.",
        )
    )
    def get_compared_with(self, pair: Any) -> str:
        """Name the source of what is compared."""
        return pair.compared_with or REGISTERS_TOLD

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(_FIELD_NAMES)))
    def get_differs(self, pair: Any) -> list[str]:
        """Name the fields that differ."""
        return [str(field.name).lower() for field in pair.fields]


class PairsOut(serializers.Serializer[Any]):
    """A page of pairs; `next` is the cursor of the following one, null on the last."""

    items = PairOut(many=True)
    next = serializers.CharField(allow_null=True)


class CrossChecksView(TaxpayerAPIView):
    """Ordering cross-check reports."""

    @extend_schema(
        operation_id="crosscheck_order", request=CrossCheckIn, responses={202: CrossCheckOut}
    )
    @idempotent(RIGHT)
    def post(self, request: Request) -> Response:
        """Order a report on one or several periods."""
        asked = CrossCheckIn(data=request.data)
        asked.is_valid(raise_exception=True)
        periods = [asked_period(code) for code in asked.validated_data["periods"]]
        report = order_cross_check(self.acting, periods, _query(asked))
        tasks.run_cross_check.delay_on_commit(str(report.pk))
        headers = {
            "Location": reverse("api-isaf-crosscheck", args=[report.pk]),
            "Retry-After": RETRY_AFTER,
        }
        return Response(CrossCheckOut(report).data, status.HTTP_202_ACCEPTED, headers=headers)


class CrossCheckView(TaxpayerAPIView):
    """One report."""

    @extend_schema(operation_id="crosscheck", responses=CrossCheckOut)
    def get(self, _request: Request, crosscheck_id: UUID) -> Response:
        """Show a report with its numbers."""
        return Response(CrossCheckOut(reports.find_report(self.acting, crosscheck_id)).data)


class PairsView(TaxpayerAPIView):
    """The pairs of one report."""

    @extend_schema(
        operation_id="crosscheck_pairs",
        parameters=[
            OpenApiParameter("state", str, enum=[state.value for state in SeenState]),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
        ],
        responses=PairsOut,
    )
    def get(self, request: Request, crosscheck_id: UUID) -> Response:
        """Page through the pairs in the order of issue."""
        report = reports.find_ready_report(self.acting, crosscheck_id)
        journal_view(self.acting, "isaf.crosscheck-exported", report.number)
        state = _state(request.query_params.get("state", ""))
        page = reports.line_page(report, state, request.query_params.get("cursor", ""))
        items = [tables.reported(line) for line in page.rows]
        return Response(PairsOut({"items": items, "next": page.next or None}).data)


class CrossCheckExportView(TaxpayerAPIView):
    """A report as a workbook."""

    @extend_schema(
        operation_id="crosscheck_export",
        responses={(200, XLSX): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, _request: Request, crosscheck_id: UUID) -> HttpResponseBase:
        """Give the pairs of a report as XLSX."""
        report = reports.find_ready_report(self.acting, crosscheck_id)
        journal_view(self.acting, "isaf.crosscheck-exported", report.number)
        lines = reports.lines_of(report).iterator(chunk_size=2000)
        rows = (tables.export_cells(tables.reported(line)) for line in lines)
        return xlsx_response(f"{report.number}.xlsx", tables.EXPORT_HEADERS, rows)


def _query(asked: CrossCheckIn) -> PairQuery:
    given = asked.validated_data
    return PairQuery(
        states=tuple(SeenState(state) for state in given["states"]),
        side=given["side"],
        counterparty=given["counterparty"].upper(),
    )


def _state(code: str) -> SeenState | None:
    if not code:
        return None
    if code not in set(SeenState):
        raise UnprocessableError("bad-pair-state", state=code)
    return SeenState(code)
