"""Sending one plain e-mail, and telling a passing fault from a lasting one."""

import logging
import smtplib
from datetime import timedelta
from enum import StrEnum

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)


class Delivery(StrEnum):
    """What came of handing a letter to the mail server."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"


def send_letter(to: str, subject: str, body: str) -> Delivery:
    """Hand a letter to the mail server; 4xx answers and a silent server are worth a later try."""
    try:
        EmailMessage(" ".join(subject.split()), body, to=[to]).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return _failed(codes[0] if codes else 0)
    except smtplib.SMTPResponseException as error:
        return _failed(error.smtp_code)
    except (smtplib.SMTPException, OSError):
        return _failed(0)
    return Delivery.SENT


def pause_after(attempts: int) -> timedelta:
    """Return the pause before the next try: a minute, doubled each time, six hours at the most."""
    doubled: timedelta = _FIRST_PAUSE * (1 << min(attempts, 16))
    return min(doubled, _LONGEST_PAUSE)


def _failed(smtp_code: int) -> Delivery:
    """Say what the answer means; the address is not logged."""
    delivery = Delivery.REFUSED if 500 <= smtp_code < 600 else Delivery.LATER
    logger.warning("mail.failed", extra={"smtp_code": smtp_code, "delivery": delivery})
    return delivery
