"""What the desk sends: letters and messages wait as rows until somebody took them."""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from avaz.desk.models import Outgoing
from imas.kernel import clock
from imas.web import sms
from imas.web.mail import Delivery, send_letter

TextSender = Callable[[str, str, str], Delivery]
"""Hands a message over: to whom (E.164), what, under which id."""

_KEYS = uuid.UUID("6f1d2d36-8f3d-4e0b-9f0e-6f6a7c1b1882")
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=10)
_AT_ONCE = 50

logger = logging.getLogger(__name__)


def put(to: str, body: str, *, subject: str = "", key: str = "") -> None:
    """Put a letter (with a subject) or a message in the outbox; once for each key."""
    now = clock.now()
    row_id = uuid.uuid5(_KEYS, key) if key else uuid.uuid4()
    Outgoing.objects.get_or_create(
        pk=row_id,
        defaults={
            "to": to,
            "subject": subject,
            "body": body,
            "due_at": now,
            "expires_at": now + timedelta(hours=settings.AVAZ_SENDING_HOURS),
        },
    )


def send_due(send_text: TextSender) -> int:
    """Send what is due and return how much was sent; what fails for now is tried again later."""
    sent = 0
    for row in Outgoing.objects.due(clock.now())[:_AT_ONCE]:
        sent += _send(row, send_text)
    return sent


def by_gateway(to: str, text: str, message_id: str) -> Delivery:
    """Hand a message to the HTTP gateway; without one it waits."""
    return sms.send_text(to, text, message_id) if sms.is_open() else Delivery.LATER


def _send(row: Outgoing, send_text: TextSender) -> bool:
    if row.subject:
        delivery = send_letter(row.to, row.subject, row.body)
    else:
        delivery = send_text(row.to, row.body, str(row.pk))
    now = clock.now()
    row.attempts += 1
    row.due_at = now + min(_FIRST_PAUSE * (1 << min(row.attempts - 1, 8)), _LONGEST_PAUSE)
    if delivery == Delivery.SENT:
        row.sent_at = now
    elif delivery == Delivery.REFUSED:
        logger.warning("avaz.refused", extra={"outgoing": str(row.pk)})
        row.expires_at = now
    row.save(update_fields=["attempts", "due_at", "sent_at", "expires_at"])
    return delivery == Delivery.SENT
