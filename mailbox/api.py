"""The mailbox for programs."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imas.web.paging import Page
from mailbox import services
from mailbox.models import NEWEST, Message
from mailbox.selectors import Letter, letters_of
from representation.api import HEADER, TaxpayerAPIView


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


class MessagesOut(serializers.Serializer[Page[Letter]]):
    """Some messages, the latest first, and the cursor of the next ones ("" at the end)."""

    items = MessageOut(many=True, source="rows")
    next = serializers.CharField()


class MessagesView(TaxpayerAPIView):
    """The messages of the taxpayer; reading them here does not mark them as read."""

    @extend_schema(
        operation_id="messages",
        parameters=[
            OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("cursor", str),
        ],
        responses=MessagesOut,
    )
    def get(self, request: Request) -> Response:
        """List them by pages."""
        self.acting.require(services.VIEW)
        cursor = request.query_params.get("cursor", "")
        page = NEWEST.page(Message.objects.visible_to(self.acting), cursor)
        letters = Page(list(letters_of(page.rows)), next=page.next)
        return Response(MessagesOut(letters).data)
