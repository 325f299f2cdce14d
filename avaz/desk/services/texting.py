"""Messages to 1882: read, known by phone and code, answered with an ARN or the exact cause."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from avaz import texts
from avaz.desk import words
from avaz.desk.models import Access, Registration, Text
from avaz.desk.services.entering import opened
from avaz.desk.services.registering import Announcement, register
from avaz.desk.throttling import by_phone, note_failure, refuse_locked
from avaz.types import Channel, Reason
from imas.kernel import clock
from imas.kernel.errors import ThrottledError
from imas.kernel.identifiers import normalise_phone

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as a gateway hands it over; `message_id` is the gateway's own."""

    gateway: str
    message_id: str
    sender: str
    text: str


def answer(arrived: Arrived) -> str:
    """Return the answer to a message: one part of plain ASCII; "" for silence.

    The same message handed over again gets the first answer, and nothing is done twice. Strangers
    and wrong codes get the same answer; a phone that sends too much gets none.
    """
    phone = _phone(arrived.sender)
    with transaction.atomic():
        held = Text.objects.filter(
            gateway=arrived.gateway, message_id=arrived.message_id[:100]
        ).first()
        if held is not None:
            return held.answer
        if _sends_too_much(phone):
            return ""
        said, made = _done(phone, arrived.text)
        Text.objects.create(
            gateway=arrived.gateway,
            message_id=arrived.message_id[:100],
            phone=phone[:21],
            digest=hashlib.sha256(arrived.text.encode()).hexdigest(),
            at=clock.now(),
            answer=said,
            registration=made,
        )
    return said


def _done(phone: str, text: str) -> tuple[str, Registration | None]:
    limits = by_phone(phone)
    try:
        refuse_locked(limits)
    except ThrottledError:
        return words.TEXT_LOCKED, None
    told = texts.read(text)
    if isinstance(told, texts.Fault):
        return words.TEXT_FAULTS[told], None
    access = opened(Access.objects.of_phone(phone), told.code)
    if access is None:
        note_failure(limits)
        return words.TEXT_WRONG, None
    announced = Announcement(told.number, Reason.OWN_TROUBLE, clock.now())
    try:
        made = register(access, announced, Channel.SMS)
    except ThrottledError:
        return words.TEXT_MANY, None
    return words.arn_text(made.arn, made.number), made


def _sends_too_much(phone: str) -> bool:
    recent = Text.objects.filter(phone=phone[:21], at__gt=clock.now() - _MINUTE)
    return recent.count() >= settings.AVAZ_TEXTS_PER_MINUTE


def _phone(sender: str) -> str:
    """Return the sender as E.164 writes it, however the gateway does; else as it came."""
    bare = "".join(sender.split())
    digits = bare.removeprefix("+").removeprefix("00")
    return normalise_phone(f"+{digits}") or normalise_phone(bare) or bare
