"""Builders for the mailbox."""

from itertools import count

from mailbox import words
from mailbox.models import Message
from mailbox.services import post_message
from representation.models import Taxpayer

_serial = count(1)
WORDS = {
    "tests.arrived": ("Register %(number)s has come", "Look at the register %(number)s."),
    "tests.refused": ("A file was refused", "The file %(number)s could not be read."),
}
words.register(WORDS)


def make_message(
    taxpayer: Taxpayer,
    *,
    code: str = "tests.arrived",
    number: str = "S-1",
    key: str = "",
    subsystem: str = "mailbox",
) -> Message:
    """Post a message, a new one each time unless the key is given."""
    return post_message(
        taxpayer_id=taxpayer.pk,
        subsystem=subsystem,
        key=key or f"key-{next(_serial)}",
        code=code,
        params={"number": number},
        url_name="representation:journal",
    )
