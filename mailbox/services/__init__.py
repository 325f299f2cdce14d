"""Posting messages, and reading and putting them away."""

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
    "forget_reading",
    "mark_messages",
    "open_attachment",
    "open_message",
    "post_message",
    "restore_message",
]
