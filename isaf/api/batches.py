"""Web service: files of many taxpayers in one request."""

from typing import Any, cast

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from imas.kernel.errors import DomainError, RefusedDocumentError
from imas.web.exceptions import refusal_of
from intake import tasks as intake_tasks
from intake.presenting import receipt_item
from intake.types import DocumentState
from intake.uploads import ZipParser, document_of
from isaf.api.shapes import ReceiptOut
from isaf.services.batches import Delivered, receive_batch
from representation.api import acting_with


class BatchIn(serializers.Serializer[Any]):
    """A zip sent as a form."""

    document = serializers.FileField()


class RefusalOut(serializers.Serializer[Any]):
    """Why a file was not taken in, as the same file alone would be answered."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    params = serializers.DictField(child=serializers.CharField())


class BatchFileOut(serializers.Serializer[Any]):
    """What became of one file; `refusal` is null when it was taken in.

    A file refused at the door has a receipt too. One that never came so far has none.
    """

    name = serializers.CharField()
    taxpayer = serializers.CharField(allow_null=True)
    id = serializers.UUIDField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(list(DocumentState), allow_null=True)
    receipt = ReceiptOut(allow_null=True)
    first_copy = serializers.UUIDField(allow_null=True)
    refusal = RefusalOut(allow_null=True)


class BatchOut(serializers.Serializer[Any]):
    """What became of the files, in the order of the zip."""

    received = serializers.IntegerField()
    refused = serializers.IntegerField()
    files = BatchFileOut(many=True)


class BatchesView(APIView):
    """Sending the files of many taxpayers; no `X-Taxpayer`, each file's header names its own."""

    parser_classes = (ZipParser, MultiPartParser)

    @extend_schema(
        operation_id="batch_send",
        parameters=[
            OpenApiParameter(
                "dry_run", bool, description="Judge the files and store nothing but the verdicts."
            ),
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="Sent again under the key, the same files are the same documents.",
            ),
        ],
        request={"multipart/form-data": BatchIn, "application/zip": OpenApiTypes.BINARY},
        responses={202: BatchOut},
    )
    def post(self, request: Request) -> Response:
        """Take in a zip of files and answer with a receipt or a refusal for each.

        422 when nothing was taken in.
        """
        dry_run = serializers.BooleanField().run_validation(
            request.query_params.get("dry_run", "false")
        )
        delivered = receive_batch(
            lambda code: acting_with(request.user, request.auth, code),
            cast("Any", document_of(request)),
            dry_run=dry_run,
            key=request.headers.get("Idempotency-Key", ""),
        )
        items = [_told(one) for one in delivered]
        received = sum(item["refusal"] is None for item in items)
        body = {"received": received, "refused": len(items) - received, "files": items}
        taken = status.HTTP_202_ACCEPTED if received else status.HTTP_422_UNPROCESSABLE_ENTITY
        return Response(body, taken)


def _told(one: Delivered) -> dict[str, Any]:
    document, refusal = one.document, one.refusal
    if document is None:
        return {**_NO_DOCUMENT, **_whose(one), "refusal": _refusal(refusal)}
    intake_tasks.queue(document)
    if document.state == DocumentState.UPLOAD_REJECTED:
        refusal = RefusedDocumentError(document.refusal_code)
    return {
        **_whose(one),
        "id": str(document.pk),
        "url": reverse("api-isaf-file", args=[document.pk]),
        "state": document.state,
        "receipt": receipt_item(document),
        "first_copy": str(document.first_copy_id) if document.first_copy_id else None,
        "refusal": _refusal(refusal),
    }


_NO_DOCUMENT = dict.fromkeys(("id", "url", "state", "receipt", "first_copy"))


def _whose(one: Delivered) -> dict[str, Any]:
    return {"name": one.name, "taxpayer": one.taxpayer_code or None}


def _refusal(refusal: DomainError | None) -> dict[str, Any] | None:
    told = refusal_of(refusal) if refusal else None
    return told.body() if told else None
