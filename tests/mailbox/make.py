"""Builders for the mailbox."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import count

from accounts.models import User
from mailbox import words
from mailbox.attachments import KeptFile, kept_file
from mailbox.models import Endpoint, Message
from mailbox.services import EndpointOrder, add_endpoint, post_message
from mailbox.signing import Key
from representation.models import Taxpayer
from representation.types import Acting

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
    files: Mapping[str, bytes] | None = None,
) -> Message:
    """Post a message, a new one each time unless the key is given, with these files."""
    kept = [_kept(name, content) for name, content in (files or {}).items()]
    return post_message(
        taxpayer_id=taxpayer.pk,
        subsystem=subsystem,
        key=key or f"key-{next(_serial)}",
        code=code,
        params={"number": number},
        url_name="representation:journal",
        files=kept,
    )


def make_endpoint(
    acting: Acting,
    url: str = "https://imone.example/pranesimai",
    codes: Sequence[str] = ("mailbox.message",),
) -> tuple[Endpoint, Key]:
    """Add a webhook of the person acting."""
    owner = User.objects.get(pk=acting.user_id)
    return add_endpoint(acting, owner, EndpointOrder("Apskaita", url, codes))


def _kept(name: str, content: bytes) -> KeptFile:
    with kept_file(BytesIO(content), name=name, content_type="text/csv") as file:
        return file
