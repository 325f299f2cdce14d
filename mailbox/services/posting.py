"""Posting messages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from django.core.files.storage import default_storage
from django.db import transaction

from imas.kernel import clock
from mailbox.attachments import KeptFile
from mailbox.models import Attachment, Message
from mailbox.services.events import record_event, record_events
from mailbox.services.noticing import tell_of, tell_of_many
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


@transaction.atomic
def post_to_many(
    taxpayer_ids: Collection[int],
    *,
    subsystem: str,
    key: str,
    code: str,
    params: Mapping[str, str],
    url_name: str = "",
) -> int:
    """Put the same message in many boxes, as `post_message` does in one; return in how many.

    Boxes that hold the key are passed over. Some queries for all of them, and some for each
    taxpayer to find who reads its mail: for hundreds at a time, not for all at once.
    """
    words_of(code, params)
    held = Message.objects.filter(taxpayer_id__in=taxpayer_ids, key=key)
    passed_over = set(held.values_list("taxpayer_id", flat=True))
    now = clock.now()
    told = [
        Message(
            taxpayer_id=taxpayer_id,
            subsystem=subsystem,
            key=key,
            code=code,
            params=dict(params),
            url_name=url_name,
            created_at=now,
        )
        for taxpayer_id in taxpayer_ids
        if taxpayer_id not in passed_over
    ]
    Message.objects.bulk_create(told, ignore_conflicts=True)
    made = list(Message.objects.filter(pk__in=[message.pk for message in told]))
    record_events(made, "mailbox.message", VIEW, subsystem=subsystem, code=code)
    today = clock.today()
    readers = {
        message: list(
            selectors.people_with(message.taxpayer_id, VIEW, today).filter(
                email_confirmed_at__isnull=False
            )
        )
        for message in made
    }
    tell_of_many(readers)
    return len(made)


def _attach(message: Message, files: Sequence[KeptFile]) -> None:
    Attachment.objects.bulk_create(Attachment(message=message, **asdict(file)) for file in files)
