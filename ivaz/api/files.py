"""Web service: files of waybills sent, and what became of their records."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake import tasks as intake_tasks
from intake.answers import RETRY_AFTER, received
from intake.idempotency import idempotent
from intake.models import Document
from intake.presenting import receipt_item
from intake.services import receive
from intake.types import DocumentState, Source
from intake.uploads import DOCUMENT_PARSERS, document_of
from ivaz import selectors
from ivaz.api.shapes import VerdictsOut, kept_verdict_out
from ivaz.services.sending import RIGHT
from representation.api import TaxpayerAPIView

_CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")


class WaybillFileIn(serializers.Serializer[Any]):
    """A file sent as a form."""

    document = serializers.FileField()


class WaybillFileOut(serializers.Serializer[Any]):
    """A file of waybills: how far it is, and how many of its records were taken."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(list(DocumentState))
    receipt = serializers.DictField()
    dry_run = serializers.BooleanField(required=False)
    counts = serializers.DictField(child=serializers.IntegerField(), required=False)


class WaybillFilesView(TaxpayerAPIView):
    """Sending files."""

    parser_classes = DOCUMENT_PARSERS

    @extend_schema(
        operation_id="waybill_files_send",
        parameters=[
            OpenApiParameter("dry_run", bool, description="Judge the file and do nothing."),
        ],
        request={
            "multipart/form-data": WaybillFileIn,
            "application/xml": OpenApiTypes.BINARY,
            "application/gzip": OpenApiTypes.BINARY,
        },
        responses={202: WaybillFileOut},
    )
    @idempotent(RIGHT)
    def post(self, request: Request) -> Response:
        """Take a file in and answer with its receipt; the verdicts come later."""
        self.acting.require_wholly(RIGHT)
        file = document_of(request)
        document = receive(
            self.acting,
            selectors.KIND,
            file,
            filename=file.name or "",
            content_type=file.content_type or "",
            source=Source.SERVICE_FILE,
            dry_run=serializers.BooleanField().run_validation(
                request.query_params.get("dry_run", "false")
            ),
            idempotency_key=request.headers.get("Idempotency-Key", ""),
        )
        intake_tasks.queue(document)
        return received(document, reverse("api-ivaz-file", args=[document.pk]))


class WaybillFileView(TaxpayerAPIView):
    """One file."""

    @extend_schema(operation_id="waybill_file", responses=WaybillFileOut)
    def get(self, _request: Request, waybill_file_id: UUID) -> Response:
        """Show how far a file is, and how many of its records were taken."""
        document = selectors.find_file(self.acting, waybill_file_id)
        response = Response(_file_out(document))
        if document.is_waiting:
            response["Retry-After"] = RETRY_AFTER
        return response


class WaybillFileRecordsView(TaxpayerAPIView):
    """What became of the records of a file."""

    @extend_schema(operation_id="waybill_file_records", parameters=[_CURSOR], responses=VerdictsOut)
    def get(self, request: Request, waybill_file_id: UUID) -> Response:
        """Page through the verdicts in the order of the file."""
        document = selectors.find_file(self.acting, waybill_file_id)
        page = selectors.verdict_page(document, request.query_params.get("cursor", ""))
        items = [kept_verdict_out(row) for row in page.rows]
        return Response({"items": items, "next": page.next or None})


def _file_out(document: Document) -> dict[str, Any]:
    return {
        "id": str(document.pk),
        "state": document.state,
        "receipt": receipt_item(document),
        "dry_run": document.dry_run,
        "counts": document.counts,
    }
