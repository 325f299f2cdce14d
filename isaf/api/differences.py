"""Web service: the mismatches of a period in sum."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imas.web.db import SUM_DIGITS
from isaf.selectors.differences import Month, Party, months_until, parties_of
from isaf.services.periods import asked_period
from representation.api import TaxpayerAPIView
from representation.services import journal_view


class PartyOut(serializers.Serializer[Party]):
    """A counterparty of mismatched invoices; `share` of all differences, 0 to 1."""

    code = serializers.CharField()
    name = serializers.CharField()
    invoices = serializers.IntegerField()
    einvoices = serializers.IntegerField(help_text="Those that differ from an e-invoice.")
    total = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)
    share = serializers.DecimalField(5, 4)


class MonthOut(serializers.Serializer[Month]):
    """A month: differences in euros, and the VAT at stake in both directions."""

    month = serializers.DateField()
    checked = serializers.IntegerField()
    mismatched = serializers.IntegerField()
    einvoices = serializers.IntegerField(help_text="Those that differ from an e-invoice.")
    total = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)
    undeclared = serializers.DecimalField(
        SUM_DIGITS, 2, help_text="VAT deducted that the sellers do not declare."
    )
    undeducted = serializers.DecimalField(
        SUM_DIGITS, 2, help_text="VAT that sellers declare and that is not deducted."
    )


class DifferencesInSumOut(serializers.Serializer[Any]):
    """The counterparties with the largest differences, fifty at most, and the year by month."""

    period = serializers.CharField()
    counterparties = serializers.IntegerField(help_text="All that have mismatches.")
    parties = PartyOut(many=True)
    months = MonthOut(many=True)


class DifferencesView(TaxpayerAPIView):
    """The mismatches of a period in sum."""

    @extend_schema(
        operation_id="differences",
        parameters=[OpenApiParameter("period", str, required=True, description="2026-10")],
        responses=DifferencesInSumOut,
    )
    def get(self, request: Request) -> Response:
        """Sum the mismatches of a period by counterparty, and those of the year by month."""
        self.acting.require("isaf.crosscheck")
        period = asked_period(request.query_params.get("period", ""))
        found = parties_of(self.acting, period)
        journal_view(self.acting, "isaf.crosscheck-seen", period.code)
        told = {
            "period": period.code,
            "counterparties": found.all,
            "parties": found.rows,
            "months": months_until(self.acting, period),
        }
        return Response(DifferencesInSumOut(told).data)
