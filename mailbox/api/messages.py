"""The mailbox for programs."""

from uuid import UUID

from django.http import FileResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imas.web.paging import Page
from mailbox import selectors, services
from mailbox.models import NEWEST, Attachment, Message
from mailbox.selectors import Letter, Wanted, letters_of
from mailbox.services import MAX_AT_ONCE, Mark
from representation.api import HEADER, TaxpayerAPIView

_TAXPAYER = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, required=True)


class AttachmentOut(serializers.Serializer[Attachment]):
    """A file of a message and where its bytes are."""

    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, attachment: Attachment) -> str:
        """Return the address of the bytes."""
        return reverse("api-message-file", args=[attachment.message_id, attachment.pk])


class MessageOut(serializers.Serializer[Letter]):
    """A message in the language of Accept-Language."""

    id = serializers.UUIDField(source="message.pk")
    subsystem = serializers.CharField(source="message.subsystem")
    code = serializers.CharField(source="message.code")
    params = serializers.DictField(child=serializers.CharField(), source="message.params")
    title = serializers.CharField()
    body = serializers.CharField()
    created_at = serializers.DateTimeField(source="message.created_at")
    read_at = serializers.DateTimeField(source="message.read_at", allow_null=True)
    archived_at = serializers.DateTimeField(source="message.archived_at", allow_null=True)
    files = AttachmentOut(many=True, source="message.attachments.all")


class MessagesOut(serializers.Serializer[Page[Letter]]):
    """Some messages, the latest first, and the cursor of the next ones ("" at the end)."""

    items = MessageOut(many=True, source="rows")
    next = serializers.CharField()


class MessagesAsked(serializers.Serializer[Wanted]):
    """Which messages are asked for; days are Vilnius days, both included."""

    view = serializers.ChoiceField(["", "unread", "archive"], required=False, default="")
    subsystem = serializers.CharField(max_length=20, required=False, default="")
    text = serializers.CharField(max_length=100, required=False, default="")
    since = serializers.DateField(required=False, default=None)
    until = serializers.DateField(required=False, default=None)


class MarkIn(serializers.Serializer[dict[str, object]]):
    """What to do to which messages."""

    ids = serializers.ListField(child=serializers.UUIDField(), max_length=MAX_AT_ONCE)
    mark = serializers.ChoiceField([mark.value for mark in Mark])


class MarkedOut(serializers.Serializer[dict[str, int]]):
    """How many messages changed; those marked so before and those of others did not."""

    changed = serializers.IntegerField()


class MessagesView(TaxpayerAPIView):
    """The messages of the taxpayer; reading them here does not mark them as read."""

    @extend_schema(
        operation_id="messages",
        parameters=[_TAXPAYER, OpenApiParameter("cursor", str), MessagesAsked],
        responses=MessagesOut,
    )
    def get(self, request: Request) -> Response:
        """List them by pages."""
        self.acting.require(services.VIEW)
        asked = MessagesAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = selectors.find_messages(self.acting, Wanted(**asked.validated_data))
        cursor = request.query_params.get("cursor", "")
        page = NEWEST.page(found.prefetch_related("attachments"), cursor)
        letters = Page(list(letters_of(page.rows)), next=page.next)
        return Response(MessagesOut(letters).data)


class MessageView(TaxpayerAPIView):
    """One message."""

    @extend_schema(operation_id="message", parameters=[_TAXPAYER], responses=MessageOut)
    def get(self, _request: Request, message_id: UUID) -> Response:
        """Give it, without marking it as read."""
        message: Message = services.find_message(self.acting, message_id)
        (letter,) = letters_of([message])
        return Response(MessageOut(letter).data)


class MessageFileView(TaxpayerAPIView):
    """A file of a message."""

    @extend_schema(
        operation_id="message_file",
        parameters=[_TAXPAYER],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, _request: Request, message_id: UUID, attachment_id: UUID) -> FileResponse:
        """Give its bytes, piece by piece; the journal says who took them."""
        file, stream = services.open_attachment(self.acting, message_id, attachment_id)
        return FileResponse(
            stream, as_attachment=True, filename=file.name, content_type=file.content_type
        )


class MarkView(TaxpayerAPIView):
    """Marking messages."""

    @extend_schema(
        operation_id="mark_messages", parameters=[_TAXPAYER], request=MarkIn, responses=MarkedOut
    )
    def post(self, request: Request) -> Response:
        """Mark messages as read or unread, put them away or bring them back."""
        self.acting.require(services.VIEW)
        told = MarkIn(data=request.data)
        told.is_valid(raise_exception=True)
        mark = Mark(told.validated_data["mark"])
        changed = services.mark_messages(self.acting, told.validated_data["ids"], mark)
        return Response(MarkedOut({"changed": changed}).data)
