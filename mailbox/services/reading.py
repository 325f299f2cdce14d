"""Reading messages, and putting them away and bringing them back, one by one or many at once."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import IO, Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import NotFoundError, UnprocessableError
from mailbox.models import Attachment, Message, MessageQuerySet, ReadReceipt
from representation.services import journal
from representation.types import Acting

VIEW = "mailbox.view"
MAX_AT_ONCE = 200
"""How many messages may be marked by one request."""


class Mark(StrEnum):
    """What can be done to messages; the names stand in the journal and in the web service."""

    READ = "read"
    UNREAD = "unread"
    ARCHIVED = "archived"
    RESTORED = "restored"


@transaction.atomic
def open_message(acting: Acting, message_id: UUID) -> Message:
    """Return a message, marked as read by whoever opened it first; a stranger's is not found.

    Who else opens it later is remembered too, each once.
    """
    message = _visible(acting, message_id)
    _read(acting, [message], clock.now())
    message.refresh_from_db()
    return message


def find_message(acting: Acting, message_id: UUID) -> Message:
    """Return a message without marking it as read; a stranger's is not found."""
    return _visible(acting, message_id)


def archive_message(acting: Acting, message_id: UUID) -> None:
    """Put a message away; putting away twice is the same as once."""
    _mark_one(acting, message_id, Mark.ARCHIVED)


def restore_message(acting: Acting, message_id: UUID) -> None:
    """Bring a message back among the others."""
    _mark_one(acting, message_id, Mark.RESTORED)


def forget_reading(acting: Acting, message_id: UUID) -> None:
    """Mark a message as unread, so that somebody returns to it; who read it stays known."""
    _mark_one(acting, message_id, Mark.UNREAD)


@transaction.atomic
def mark_messages(acting: Acting, message_ids: Collection[UUID], mark: Mark) -> int:
    """Mark many messages at once and return how many changed; strangers' are passed over.

    More than `MAX_AT_ONCE`: `UnprocessableError`.
    """
    acting.require(VIEW)
    if len(message_ids) > MAX_AT_ONCE:
        raise UnprocessableError("too-many-messages", limit=str(MAX_AT_ONCE))
    visible = Message.objects.visible_to(acting).filter(pk__in=message_ids)
    messages = list(visible.order_by("pk").select_for_update())
    now = clock.now()
    if mark == Mark.READ:
        return _read(acting, messages, now)
    changed = [message for message in messages if not _is_so(message, mark)]
    Message.objects.filter(pk__in=[one.pk for one in changed]).update(**_columns(mark, now))
    for message in changed:
        journal(acting, f"mailbox.{mark}", message.pk)
    return len(changed)


def open_attachment(
    acting: Acting, message_id: UUID, attachment_id: UUID
) -> tuple[Attachment, IO[bytes]]:
    """Return a file of a message, open to be read; who took it stands in the journal."""
    message = _visible(acting, message_id)
    attachment = message.attachments.filter(pk=attachment_id).first()
    if attachment is None:
        raise NotFoundError("message-not-found")
    stream = default_storage.open(attachment.storage_name)
    journal(acting, "mailbox.attachment-taken", message.pk, file=attachment.name)
    return attachment, stream


def _read(acting: Acting, messages: Collection[Message], now: datetime) -> int:
    """Mark as read what nobody has opened, and keep for each that this person has; count new."""
    pks = [message.pk for message in messages]
    unread = Message.objects.filter(pk__in=pks, read_at__isnull=True)
    fresh = set(unread.select_for_update().values_list("pk", flat=True))
    Message.objects.filter(pk__in=fresh).update(read_at=now, read_by_id=acting.person_id)
    for pk in pks:
        if pk in fresh:
            journal(acting, "mailbox.read", pk)
    if acting.person_id:
        ReadReceipt.objects.bulk_create(
            (ReadReceipt(message_id=pk, user_id=acting.user_id, at=now) for pk in pks),
            ignore_conflicts=True,
        )
    return len(fresh)


def _is_so(message: Message, mark: Mark) -> bool:
    """Tell whether there is nothing to change."""
    if mark == Mark.UNREAD:
        return message.read_at is None
    return (message.archived_at is not None) == (mark == Mark.ARCHIVED)


def _columns(mark: Mark, now: datetime) -> dict[str, Any]:
    """What a mark changes; receipts stay, so that who read a message when is not lost."""
    if mark == Mark.UNREAD:
        return {"read_at": None, "read_by": None}
    return {"archived_at": now if mark == Mark.ARCHIVED else None}


@transaction.atomic
def _mark_one(acting: Acting, message_id: UUID, mark: Mark) -> None:
    message = _visible(acting, message_id)
    mark_messages(acting, [message.pk], mark)


def _visible(acting: Acting, message_id: UUID) -> Message:
    acting.require(VIEW)
    messages: MessageQuerySet = Message.objects.visible_to(acting)
    message = messages.filter(pk=message_id).first()
    if message is None:
        raise NotFoundError("message-not-found")
    return message
