"""Addresses of the web service about messages and events."""

from django.urls import path

from mailbox.api.events import EventsView
from mailbox.api.messages import MarkView, MessageFileView, MessagesView, MessageView

urlpatterns = [
    path("messages", MessagesView.as_view(), name="api-messages"),
    path("messages/mark", MarkView.as_view(), name="api-messages-mark"),
    path("messages/<uuid:message_id>", MessageView.as_view(), name="api-message"),
    path(
        "messages/<uuid:message_id>/files/<uuid:attachment_id>",
        MessageFileView.as_view(),
        name="api-message-file",
    ),
    path("events", EventsView.as_view(), name="api-events"),
]
