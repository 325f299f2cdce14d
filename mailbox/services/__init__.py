"""Posting messages, reading them, telling people by e-mail and programs by events."""

from mailbox.services.delivering import deliver, deliver_again, send_test_event, spread_events
from mailbox.services.endpoints import (
    MANAGE,
    EndpointOrder,
    add_endpoint,
    find_endpoint,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from mailbox.services.events import drop_old_events, read_events, record_event
from mailbox.services.noticing import choose_notices, mark_unreachable, take_returned_letter
from mailbox.services.posting import post_message
from mailbox.services.reading import (
    MAX_AT_ONCE,
    VIEW,
    Mark,
    archive_message,
    find_message,
    forget_reading,
    mark_messages,
    open_attachment,
    open_message,
    restore_message,
)

__all__ = [
    "MANAGE",
    "MAX_AT_ONCE",
    "VIEW",
    "EndpointOrder",
    "Mark",
    "add_endpoint",
    "archive_message",
    "choose_notices",
    "deliver",
    "deliver_again",
    "drop_old_events",
    "find_endpoint",
    "find_message",
    "forget_reading",
    "mark_messages",
    "mark_unreachable",
    "open_attachment",
    "open_message",
    "pause_endpoint",
    "post_message",
    "read_events",
    "record_event",
    "remove_endpoint",
    "restore_message",
    "resume_endpoint",
    "rotate_secret",
    "send_test_event",
    "spread_events",
    "take_returned_letter",
]
