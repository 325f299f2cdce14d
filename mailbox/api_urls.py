"""Addresses of the web service about messages."""

from django.urls import path

from mailbox.api import MessagesView

urlpatterns = [path("messages", MessagesView.as_view(), name="api-messages")]
