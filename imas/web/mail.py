"""Sending one plain e-mail, and telling a passing fault from a lasting one."""

import logging
import re
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)
_ENHANCED = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")


class Delivery(StrEnum):
    """What came of handing a letter to the mail server."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of it, and what the server said against the address itself, if it did ("")."""

    delivery: Delivery
    against_address: str = ""


def send_letter(to: str, subject: str, body: str) -> Delivery:
    """Hand a letter to the mail server; 4xx answers and a silent server are worth a later try."""
    return hand_letter(to, subject, body).delivery


def hand_letter(
    to: str, subject: str, body: str, headers: Mapping[str, str] | None = None
) -> Handed:
    """Do the same with headers of one's own, and tell a refused address from a refused letter."""
    message = EmailMessage(" ".join(subject.split()), body, to=[to], headers=dict(headers or {}))
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()), (0, b""))
        delivery = _failed(code)
        is_lasting = delivery is Delivery.REFUSED
        return Handed(delivery, _enhanced(code, words) if is_lasting else "")
    except smtplib.SMTPResponseException as error:
        return Handed(_failed(error.smtp_code))
    except (smtplib.SMTPException, OSError):
        return Handed(_failed(0))
    return Handed(Delivery.SENT)


def pause_after(attempts: int) -> timedelta:
    """Return the pause before the next try: a minute, doubled each time, six hours at the most."""
    doubled: timedelta = _FIRST_PAUSE * (1 << min(attempts, 16))
    return min(doubled, _LONGEST_PAUSE)


def _failed(smtp_code: int) -> Delivery:
    """Say what the answer means; the address is not logged."""
    delivery = Delivery.REFUSED if 500 <= smtp_code < 600 else Delivery.LATER
    logger.warning("mail.failed", extra={"smtp_code": smtp_code, "delivery": delivery})
    return delivery


def _enhanced(code: int, words: bytes | str) -> str:
    """Return the enhanced status code of an answer (RFC 3463), or the plain one."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    found = _ENHANCED.match(text.strip())
    return found[0] if found else str(code)
