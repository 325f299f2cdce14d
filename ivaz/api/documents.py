"""Web service: documents beside a waybill, and what its parties say of it besides records."""

from typing import Any

from django.core.exceptions import ValidationError as FieldError
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from imas.web.exports import stored_file
from intake.idempotency import idempotent
from ivaz import selectors
from ivaz.models import WaybillFile
from ivaz.services import attaching, noting, sending
from mailbox.proof_fields import ProofsField
from mailbox.proofs import Proof
from representation.api import TaxpayerAPIView
from representation.services import journal_view

LONGEST_REASON = 256

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key with the same request gets the first answer again.",
)


class WaybillDocumentOut(serializers.Serializer[WaybillFile]):
    """A document beside a waybill, and which party added it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    added_at = serializers.DateTimeField()
    taxpayer = serializers.CharField(source="taxpayer.name")


class WaybillDocumentsIn(serializers.Serializer[Any]):
    """Up to five documents: PDF, PNG or JPEG by their bytes, up to 5 MB each."""

    files = serializers.ListField(child=serializers.FileField())


class WaybillDocumentsOut(serializers.Serializer[Any]):
    """Documents in the order in which they were added."""

    items = WaybillDocumentOut(many=True)


class WaybillDocumentsView(TaxpayerAPIView):
    """The documents beside a waybill."""

    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="waybill_documents", responses=WaybillDocumentsOut)
    def get(self, _request: Request, rn: str) -> Response:
        """List the documents that the parties have added."""
        waybill, _roles = selectors.find_waybill(self.acting, rn)
        journal_view(self.acting, "ivaz.waybill-seen", rn)
        return Response(WaybillDocumentsOut({"items": selectors.files_of(waybill)}).data)

    @extend_schema(
        operation_id="waybill_documents_add",
        parameters=[KEY],
        request={"multipart/form-data": WaybillDocumentsIn},
        responses={201: WaybillDocumentsOut},
    )
    @idempotent(sending.RIGHT)
    def post(self, request: Request, rn: str) -> Response:
        """Put documents beside a waybill, also after its closing; all its parties see them."""
        self.acting.require_wholly(sending.RIGHT)
        made = attaching.attach(self.acting, rn, _proofs(request))
        ids = {file.pk for file in made}
        told = [file for file in selectors.files_of(made[0].waybill) if file.pk in ids]
        return Response(WaybillDocumentsOut({"items": told}).data, status.HTTP_201_CREATED)


class WaybillDocumentView(TaxpayerAPIView):
    """One document beside a waybill."""

    @extend_schema(
        operation_id="waybill_document",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, _request: Request, rn: str, waybill_document_id: int) -> HttpResponseBase:
        """Give a document as it was added."""
        waybill, _roles = selectors.find_waybill(self.acting, rn)
        journal_view(self.acting, "ivaz.waybill-seen", rn)
        return stored_file(selectors.find_attachment(waybill, waybill_document_id))


class WaybillObjectionIn(serializers.Serializer[Any]):
    """Why the consignor objects; all parties see it."""

    reason = serializers.CharField(max_length=LONGEST_REASON)


class WaybillObjectView(TaxpayerAPIView):
    """The consignor's objection to what another prepared in his name."""

    @extend_schema(
        operation_id="waybill_object",
        parameters=[KEY],
        request=WaybillObjectionIn,
        responses={204: None},
    )
    @idempotent(sending.RIGHT)
    def post(self, request: Request, rn: str) -> Response:
        """Object: the waybill stands, marked for all its parties, and the preparer is told."""
        asked = WaybillObjectionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        noting.object_to(self.acting, rn, asked.validated_data["reason"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class WaybillDeliverView(TaxpayerAPIView):
    """The carrier's word that goods are delivered."""

    @extend_schema(
        operation_id="waybill_deliver", parameters=[KEY], request=None, responses={204: None}
    )
    @idempotent(sending.RIGHT)
    def post(self, _request: Request, rn: str) -> Response:
        """Say as the carrier that the goods are delivered; the format has no record for it."""
        noting.deliver(self.acting, rn)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _proofs(request: Request) -> list[Proof]:
    """Return the files of a form as a page takes them; ValidationError at `files`."""
    try:
        return ProofsField(required=True).clean(request.FILES.getlist("files"))
    except FieldError as error:
        raise ValidationError({"files": error.messages}) from error
