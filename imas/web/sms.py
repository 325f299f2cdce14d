"""Handing one short message to the gateway of the mobile operator, whichever it is.

One POST of JSON: `id`, `to` (E.164), `text`; the id is also the `Idempotency-Key`, so a message
that is handed over twice is sent once. Numbers and words are never logged.
"""

import logging
from datetime import timedelta

import requests
from django.conf import settings

from imas.web.mail import Delivery

_SECONDS = (3.05, 10)
_LASTING = frozenset({400, 413, 422})
"""What the gateway says against the message itself; anything else may pass."""
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(minutes=10)

logger = logging.getLogger(__name__)


def is_open() -> bool:
    """Tell whether messages can be sent from here at all."""
    return bool(settings.SMS_GATEWAY_URL)


def send_text(to: str, text: str, message_id: str) -> Delivery:
    """Hand a message over; silence, 5xx and too many requests are worth a later try."""
    headers = {"Idempotency-Key": message_id}
    if settings.SMS_GATEWAY_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_GATEWAY_TOKEN}"
    with requests.Session() as asked:
        asked.trust_env = False
        try:
            answer = asked.post(
                settings.SMS_GATEWAY_URL,
                json={"id": message_id, "to": to, "text": text},
                headers=headers,
                timeout=_SECONDS,
                allow_redirects=False,
                stream=True,  # the status says it all; nobody drips words at us
            )
        except requests.RequestException as error:
            return _failed(0, type(error).__name__)
        answer.close()
    return Delivery.SENT if answer.ok and not answer.is_redirect else _failed(answer.status_code)


def pause_after(attempts: int) -> timedelta:
    """Return the pause before the next try: half a minute, doubled each time, ten at the most."""
    doubled: timedelta = _FIRST_PAUSE * (1 << min(attempts, 8))
    return min(doubled, _LONGEST_PAUSE)


def _failed(status: int, fault: str = "") -> Delivery:
    delivery = Delivery.REFUSED if status in _LASTING else Delivery.LATER
    logger.warning("sms.failed", extra={"status": status, "fault": fault, "delivery": delivery})
    return delivery
