"""Messages to taxpayers and the outbox of the e-mail about them."""

from mailbox.models.messages import NEWEST, Attachment, Message, MessageQuerySet, ReadReceipt
from mailbox.models.notices import MAX_ATTEMPTS, Bounce, Notice, NoticeChoice

__all__ = [
    "MAX_ATTEMPTS",
    "NEWEST",
    "Attachment",
    "Bounce",
    "Message",
    "MessageQuerySet",
    "Notice",
    "NoticeChoice",
    "ReadReceipt",
]
