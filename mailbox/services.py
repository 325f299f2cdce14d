"""Posting messages, and reading and putting them away."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from mailbox.models import Message, Notice
from mailbox.words import words_of
from representation import selectors
from representation.services import journal
from representation.types import Acting

VIEW = "mailbox.view"


@transaction.atomic
def post_message(  # noqa: PLR0913 - a message has this many parts, each by name
    *,
    taxpayer_id: int,
    subsystem: str,
    key: str,
    code: str,
    params: Mapping[str, str],
    url_name: str = "",
    url_args: Sequence[object] = (),
) -> Message:
    """Put a message in the box, once per key, and note whom to tell by e-mail.

    `code` must have words (`mailbox.words.register`) that `params` fill in: else `KeyError`.
    `url_name` and `url_args` are the page of the one thing to do about it.
    """
    words_of(code, params)
    now = clock.now()
    message, is_new = Message.objects.get_or_create(
        taxpayer_id=taxpayer_id,
        key=key,
        defaults={
            "subsystem": subsystem,
            "code": code,
            "params": dict(params),
            "url_name": url_name,
            "url_args": [str(part) for part in url_args],
            "created_at": now,
        },
    )
    if is_new:
        readers = selectors.people_with(taxpayer_id, VIEW, clock.today())
        Notice.objects.bulk_create(
            Notice(message=message, user=reader, due_at=now)
            for reader in readers.filter(email_confirmed_at__isnull=False)
        )
    return message


@transaction.atomic
def open_message(acting: Acting, message_id: UUID) -> Message:
    """Return a message, marked as read by whoever opened it first; a stranger's is not found."""
    message = _visible(acting, message_id)
    unread = Message.objects.filter(pk=message.pk, read_at__isnull=True)
    if unread.update(read_at=clock.now(), read_by_id=acting.user_id):
        journal(acting, "mailbox.read", message.pk)
        message.refresh_from_db()
    return message


@transaction.atomic
def archive_message(acting: Acting, message_id: UUID) -> None:
    """Put a message away; putting away twice is the same as once."""
    message = _visible(acting, message_id)
    shown = Message.objects.filter(pk=message.pk, archived_at__isnull=True)
    if shown.update(archived_at=clock.now()):
        journal(acting, "mailbox.archived", message.pk)


@transaction.atomic
def restore_message(acting: Acting, message_id: UUID) -> None:
    """Bring a message back among the others."""
    message = _visible(acting, message_id)
    hidden = Message.objects.filter(pk=message.pk, archived_at__isnull=False)
    if hidden.update(archived_at=None):
        journal(acting, "mailbox.restored", message.pk)


def _visible(acting: Acting, message_id: UUID) -> Message:
    acting.require(VIEW)
    message = Message.objects.visible_to(acting).filter(pk=message_id).first()
    if message is None:
        raise NotFoundError("message-not-found")
    return message
