"""Posting messages and reading them."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from imas.kernel import clock
from imas.kernel.clock import VILNIUS
from mailbox.models import Message, Notice
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
    url_args: Sequence[str] = (),
) -> Message:
    """Put a message in the box, once per key, and note whom to tell by e-mail.

    `code` must have words (`mailbox.words.register`) and `params` fill them in; `url_name` and
    `url_args` are the page of the one thing to do about it.
    """
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
        day = now.astimezone(VILNIUS).date()
        readers = selectors.people_with(taxpayer_id, "mailbox.view", day).filter(
            email_confirmed_at__isnull=False
        )
        Notice.objects.bulk_create(
            Notice(message=message, user=reader, due_at=now) for reader in readers
        )
    return message
