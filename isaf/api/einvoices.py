"""Web service: e-invoices handed in by the authority's own program, and seen by sellers."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from imas.kernel.errors import RefusedDocumentError
from imas.web.db import SUM_DIGITS
from intake.uploads import TextXmlParser, XmlParser, document_of
from isaf.models import EInvoiceSource
from isaf.selectors.einvoices import (
    FIELDS,
    RIGHT,
    ComparedEInvoice,
    EInvoiceState,
    einvoice_page,
)
from isaf.services.einvoices import take_in
from isaf.services.periods import asked_period
from representation.api import TaxpayerAPIView
from representation.officer_api import OfficerAPIView
from representation.services import journal_view

_FIELD_NAMES = [str(field.name).lower() for field in FIELDS]

MOST_BYTES = 8 * 1024 * 1024
"""An e-invoice with its attachments; larger ones are handed in without them."""


class EInvoiceKeptOut(serializers.Serializer[Any]):
    """An e-invoice as it was taken in; `seller` is a taxpayer's code."""

    id = serializers.UUIDField()
    system = serializers.ChoiceField(
        [one.value for one in EInvoiceSource], source="source", help_text="Where it comes from."
    )
    number = serializers.CharField()
    seller = serializers.CharField(source="seller.code")
    received_at = serializers.DateTimeField()


class SumsOut(serializers.Serializer[Any]):
    """Sums of one side."""

    taxable = serializers.DecimalField(SUM_DIGITS, 2)
    vat = serializers.DecimalField(SUM_DIGITS, 2)
    total = serializers.DecimalField(SUM_DIGITS, 2)


class EInvoiceOut(serializers.Serializer[ComparedEInvoice]):
    """An e-invoice and what the register says of it; `ours` is null where it says nothing."""

    state = serializers.ChoiceField([one.value for one in EInvoiceState])
    differing = serializers.ListField(source="fields", child=serializers.ChoiceField(_FIELD_NAMES))
    system = serializers.CharField(source="einvoice.source", help_text="Where it comes from.")
    number = serializers.CharField(source="einvoice.number")
    issued = serializers.DateField(source="einvoice.issued")
    buyer_name = serializers.CharField(source="einvoice.buyer_name")
    buyer_vat = serializers.CharField(source="einvoice.buyer_vat")
    buyer_code = serializers.CharField(source="einvoice.buyer_code")
    currency = serializers.CharField(source="einvoice.currency")
    theirs = SumsOut(source="einvoice")
    ours = SumsOut(allow_null=True)


class EInvoicesOut(serializers.Serializer[Any]):
    """A page of e-invoices; `next` is the cursor of the following one, null on the last."""

    items = EInvoiceOut(many=True)
    next = serializers.CharField(allow_null=True)


class EInvoiceDeliveryView(OfficerAPIView):
    """Handing e-invoices in, by the system that holds them."""

    right = "isaf.einvoices"
    parser_classes = (XmlParser, TextXmlParser)

    @extend_schema(
        operation_id="einvoice_take_in",
        request={"application/xml": OpenApiTypes.BINARY},
        responses={200: EInvoiceKeptOut, 201: EInvoiceKeptOut},
    )
    def post(self, request: Request, source: EInvoiceSource) -> Response:
        """Keep an e-invoice (UBL 2.1 Invoice or CreditNote); 200 when it is held already."""
        file = document_of(request)
        if (file.size or 0) > MOST_BYTES:
            raise RefusedDocumentError("einvoice-too-large", limit=str(MOST_BYTES))
        kept, is_new = take_in(self.officer, source, file.read())
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(EInvoiceKeptOut(kept).data, code)


class EInvoicesView(TaxpayerAPIView):
    """The e-invoices of the taxpayer beside his register."""

    @extend_schema(
        operation_id="einvoices",
        parameters=[
            OpenApiParameter("period", str, required=True, description="2026-10, 2026-H2."),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
        ],
        responses=EInvoicesOut,
    )
    def get(self, request: Request) -> Response:
        """Page through the e-invoices issued in a period."""
        self.acting.require(RIGHT)
        period = asked_period(request.query_params.get("period", ""))
        page = einvoice_page(self.acting, period, request.query_params.get("cursor", ""))
        journal_view(self.acting, "isaf.crosscheck-exported", period.code)
        return Response(EInvoicesOut({"items": page.rows, "next": page.next or None}).data)
