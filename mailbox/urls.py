"""Addresses of the mailbox."""

from django.urls import path

from mailbox.services import Mark
from mailbox.views import calendar, messages, notices, webhooks

app_name = "mailbox"

urlpatterns = [
    path("", messages.messages, name="messages"),
    path("many/read/", messages.mark_many, {"mark": Mark.READ}, name="read-many"),
    path("many/unread/", messages.mark_many, {"mark": Mark.UNREAD}, name="unread-many"),
    path("many/archive/", messages.mark_many, {"mark": Mark.ARCHIVED}, name="archive-many"),
    path("many/restore/", messages.mark_many, {"mark": Mark.RESTORED}, name="restore-many"),
    path("e-mail/", notices.notices, name="notices"),
    path("returned-letters/", notices.returned_letter, name="returned-letter"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/snooze/", calendar.snooze, name="snooze"),
    path("calendar/wake/", calendar.wake, name="wake"),
    path("calendar/reminders/", calendar.reminders, name="reminders"),
    path("calendar/link/", calendar.new_link, name="calendar-link"),
    path("calendar/link/revoke/", calendar.revoke_link, name="calendar-link-revoke"),
    path("calendar/<str:token>.ics", calendar.feed, name="calendar-feed"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.new_webhook, name="webhook-new"),
    path("webhooks/<uuid:endpoint_id>/", webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:endpoint_id>/secret/", webhooks.rotate, name="webhook-rotate"),
    path("webhooks/<uuid:endpoint_id>/pause/", webhooks.pause, name="webhook-pause"),
    path("webhooks/<uuid:endpoint_id>/resume/", webhooks.resume, name="webhook-resume"),
    path("webhooks/<uuid:endpoint_id>/remove/", webhooks.remove, name="webhook-remove"),
    path("webhooks/<uuid:endpoint_id>/test/", webhooks.test, name="webhook-test"),
    path(
        "webhooks/<uuid:endpoint_id>/<uuid:delivery_id>/again/",
        webhooks.replay,
        name="webhook-replay",
    ),
    path("<uuid:message_id>/", messages.message, name="message"),
    path("<uuid:message_id>/archive/", messages.archive, name="archive"),
    path("<uuid:message_id>/restore/", messages.restore, name="restore"),
    path("<uuid:message_id>/unread/", messages.unread, name="unread"),
    path("<uuid:message_id>/files/<uuid:attachment_id>/", messages.attachment, name="attachment"),
]
