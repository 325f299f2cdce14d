"""Posting messages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.core.files.storage import default_storage
from django.db import transaction

from imas.kernel import clock
from mailbox.attachments import KeptFile
from mailbox.models import Attachment, Message
from mailbox.services.events import record_event
from mailbox.services.noticing import tell_of
from mailbox.services.reading import VIEW
from mailbox.words import words_of
from representation import selectors


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
    files: Sequence[KeptFile] = (),
    tell: bool = True,
) -> Message:
    """Put a message in the box, once per key, and note whom to tell by e-mail.

    `code` must have words (`mailbox.words.register`) that `params` fill in: else `KeyError`.
    `url_name` and `url_args` are the page of the one thing to do about it. `files` come from
    `mailbox.attachments.kept_file`; those of a message that was there already are thrown away.
    Without `tell` nobody gets an e-mail by this call.
    """
    words_of(code, params)
    message, is_new = Message.objects.get_or_create(
        taxpayer_id=taxpayer_id,
        key=key,
        defaults={
            "subsystem": subsystem,
            "code": code,
            "params": dict(params),
            "url_name": url_name,
            "url_args": [str(part) for part in url_args],
            "created_at": clock.now(),
        },
    )
    if is_new:
        _attach(message, files)
        readers = selectors.people_with(taxpayer_id, VIEW, clock.today())
        told = {"subsystem": subsystem, "code": code}
        record_event(taxpayer_id, "mailbox.message", VIEW, str(message.pk), **told)
        if tell:
            tell_of(message, readers.filter(email_confirmed_at__isnull=False))
    else:
        for file in files:
            default_storage.delete(file.storage_name)
    return message


def _attach(message: Message, files: Sequence[KeptFile]) -> None:
    Attachment.objects.bulk_create(Attachment(message=message, **asdict(file)) for file in files)
