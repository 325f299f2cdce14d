"""Addresses of the mailbox."""

from django.urls import path

from mailbox import views

app_name = "mailbox"

urlpatterns = [
    path("", views.messages, name="messages"),
    path("<uuid:message_id>/", views.message, name="message"),
    path("<uuid:message_id>/archive/", views.archive, name="archive"),
    path("<uuid:message_id>/restore/", views.restore, name="restore"),
]
