"""Posting messages, reading them and putting them away, and telling people by e-mail."""

from mailbox.services.noticing import choose_notices, mark_unreachable, take_returned_letter
from mailbox.services.posting import post_message
from mailbox.services.reading import (
    MAX_AT_ONCE,
    VIEW,
    Mark,
    archive_message,
    forget_reading,
    mark_messages,
    open_attachment,
    open_message,
    restore_message,
)

__all__ = [
    "MAX_AT_ONCE",
    "VIEW",
    "Mark",
    "archive_message",
    "choose_notices",
    "forget_reading",
    "mark_messages",
    "mark_unreachable",
    "open_attachment",
    "open_message",
    "post_message",
    "restore_message",
    "take_returned_letter",
]
