"""Web service: sending files and reading their verdicts."""

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
from intake.presenting import document_item, problem_item, problem_page
from intake.types import Source
from intake.uploads import DOCUMENT_PARSERS, document_of
from isaf import selectors
from isaf.api.shapes import FileOut, FileReceivedOut, ProblemsOut
from isaf.services import uploading
from representation.api import TaxpayerAPIView

_DRY_RUN = OpenApiParameter(
    "dry_run", bool, description="Judge the file and store nothing but the verdict."
)
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key with the same request gets the first answer again.",
)
_CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")


class FileIn(serializers.Serializer[Any]):
    """A file sent as a form."""

    document = serializers.FileField()


class FilesView(TaxpayerAPIView):
    """Sending files."""

    parser_classes = DOCUMENT_PARSERS

    @extend_schema(
        operation_id="files_send",
        parameters=[_DRY_RUN, _KEY],
        request={
            "multipart/form-data": FileIn,
            "application/xml": OpenApiTypes.BINARY,
            "application/gzip": OpenApiTypes.BINARY,
        },
        responses={202: FileReceivedOut},
    )
    @idempotent("isaf.upload")
    def post(self, request: Request) -> Response:
        """Take a file in and answer with its receipt; the verdict comes later."""
        dry_run = serializers.BooleanField().run_validation(
            request.query_params.get("dry_run", "false")
        )
        document = uploading.receive_file(
            self.acting,
            document_of(request),
            source=Source.SERVICE_FILE,
            dry_run=dry_run,
            idempotency_key=request.headers.get("Idempotency-Key", ""),
        )
        intake_tasks.queue(document)
        return received(document, reverse("api-isaf-file", args=[document.pk]))


class FileView(TaxpayerAPIView):
    """One file."""

    @extend_schema(operation_id="file", responses=FileOut)
    def get(self, _request: Request, document_id: UUID) -> Response:
        """Show how far a file is, its verdict and its registers."""
        document = selectors.find_file(self.acting, document_id)
        response = Response(document_item(document))
        if document.is_waiting:
            response["Retry-After"] = RETRY_AFTER
        return response


class FileProblemsView(TaxpayerAPIView):
    """The findings in one file."""

    @extend_schema(operation_id="file_problems", parameters=[_CURSOR], responses=ProblemsOut)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Page through the kept findings in the order of finding, in both languages."""
        document = selectors.find_file(self.acting, document_id)
        page = problem_page(document, request.query_params.get("cursor", ""))
        items = [problem_item(document.kind, row) for row in page.rows]
        return Response({"items": items, "next": page.next or None})
