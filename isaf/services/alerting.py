"""Telling the operators what the house could not finish by itself."""

import logging

from django.core.mail import mail_admins

logger = logging.getLogger(__name__)


def tell_operators(event: str, subject: str, attempts: int) -> None:
    """Log an error and write to the operators; `event` is dotted and says what was given up."""
    logger.error(event, extra={"subject": subject, "attempts": attempts})
    mail_admins(
        f"{event} {subject}",
        f"It was taken up {attempts} times and no worker finished it. The log has every attempt; "
        "when the cause is gone, `python manage.py retry_checks` lets the workers try again.",
        # The log has told already; a mail server that is down must not stop the sweep.
        fail_silently=True,
    )
