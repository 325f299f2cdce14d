"""Messages to taxpayers and the outbox of the e-mail about them."""

from mailbox.models.calendar import CalendarLink, ReminderChoice, Snooze
from mailbox.models.events import Event, EventFeed
from mailbox.models.files import StoredFile
from mailbox.models.messages import NEWEST, Attachment, Message, MessageQuerySet, ReadReceipt
from mailbox.models.notices import MAX_ATTEMPTS, Bounce, Notice, NoticeChoice
from mailbox.models.webhooks import Attempt, Delivery, Endpoint, EndpointQuerySet, EndpointSecret

__all__ = [
    "MAX_ATTEMPTS",
    "NEWEST",
    "Attachment",
    "Attempt",
    "Bounce",
    "CalendarLink",
    "Delivery",
    "Endpoint",
    "EndpointQuerySet",
    "EndpointSecret",
    "Event",
    "EventFeed",
    "Message",
    "MessageQuerySet",
    "Notice",
    "NoticeChoice",
    "ReadReceipt",
    "ReminderChoice",
    "Snooze",
    "StoredFile",
]
