"""Letters that came back (RFC 3464), told from forged ones by the id we had given the letter."""

import hmac
import re
import secrets
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import User

LARGEST = 1024 * 1024
"""Bytes of a returned letter that are looked at."""
_MARK = re.compile(rb"<imas\.(\d{1,18})\.([0-9a-f]{16})\.([0-9a-f]{40})@")
_FAILED = re.compile(rb"^Action:[ \t]*failed\b", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(rb"^Status:[ \t]*(5\.\d{1,3}\.\d{1,3})\b", re.IGNORECASE | re.MULTILINE)
# A full mailbox, a letter that is too large, a policy or the letter's own fault (RFC 3463):
# the address is there.
_NOT_THE_ADDRESS = re.compile(r"5\.(2\.[23]|[367]\.\d+)")


@dataclass(frozen=True, slots=True)
class ReturnedLetter:
    """Whose letter came back, and the status it came back with."""

    user: User
    status: str


def letter_id(user: User) -> str:
    """Return a Message-ID that nobody else can make: to this person at this address."""
    nonce = secrets.token_hex(8)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<imas.{user.pk}.{nonce}.{_seal(user, nonce)}@{host}>"


def read_returned(content: bytes) -> ReturnedLetter | None:
    """Return whose address does not take letters; None for anything else that came.

    Delayed letters, answers of absent people, reports about letters that we did not send or that
    went to an address the person has changed since, are anything else.
    """
    content = content[:LARGEST]
    headers: Message = BytesHeaderParser().parsebytes(content)
    mark, status = _MARK.search(content), _STATUS.search(content)
    is_report = headers.get_content_type() == "multipart/report"
    if not (is_report and mark and status and _FAILED.search(content)):
        return None
    user = User.objects.filter(pk=int(mark[1])).first()
    said = status[1].decode()
    if user is None or not hmac.compare_digest(_seal(user, mark[2].decode()), mark[3].decode()):
        return None
    return ReturnedLetter(user, said) if is_about_address(said) else None


def is_about_address(status: str) -> bool:
    """Tell whether a status says that the address itself takes no letters."""
    return not _NOT_THE_ADDRESS.match(status)


def _seal(user: User, nonce: str) -> str:
    what = f"{user.pk}:{nonce}:{user.email}"
    return salted_hmac("mailbox.letter", what, algorithm="sha256").hexdigest()[:40]
