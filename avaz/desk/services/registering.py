"""Announcing waybills: what somebody tells, and the ARN that is given for it (VA-119, 27 p.)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from avaz import arn
from avaz.desk import words
from avaz.desk.models import Access, Desk, Registration
from avaz.desk.services.sending import put
from avaz.types import Channel, Reason
from imas.kernel import clock
from imas.kernel.errors import NotFoundError, ThrottledError, UnprocessableError
from imas.kernel.identifiers import loose_number

SAME = timedelta(days=7)
"""For so long a number announced again is the same waybill."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is announced: one waybill by its own number, or several (""), and why."""

    number: str
    reason: Reason
    trouble_from: datetime
    trouble_to: datetime | None = None
    description: str = ""


def register(access: Access, told: Announcement, channel: Channel) -> Registration:
    """Give an ARN. The same waybill announced again by the same taxpayer gets the ARN it has.

    UnprocessableError("avaz-number") where one waybill must be named, UnprocessableError
    ("avaz-trouble") for trouble that began too long ago, ahead of now, or ended before it began,
    ThrottledError("avaz-many") for more than AVAZ_ARNS_PER_HOUR.
    """
    _refuse(told)
    with transaction.atomic():
        if held := _held(access, told.number):
            return held
        _refuse_many(access)
        return Registration.objects.create(
            arn=_next_arn(),
            access=access,
            number=told.number,
            number_key=loose_number(told.number),
            reason=told.reason,
            description=told.description,
            trouble_from=told.trouble_from,
            trouble_to=told.trouble_to,
            channel=channel,
            at=clock.now(),
        )


def register_on_page(access: Access, told: Announcement, *, by_text: bool) -> Registration:
    """Register, and send the ARN by e-mail or by a message to the phone as well, once."""
    with transaction.atomic():
        made = register(access, told, Channel.WEB)
        if by_text:
            put(access.phone, words.arn_text(made.arn, made.number), key=f"text:{made.arn}")
        else:
            subject, body = words.arn_letter(made, access.language)
            put(access.email, body, subject=subject, key=f"letter:{made.arn}")
    return made


def own(access: Access) -> list[Registration]:
    """Return what was announced by an access, the newest first; at most two hundred."""
    return list(Registration.objects.filter(access=access)[:200])


def find(access: Access, number: str) -> Registration:
    """Return what was announced under an ARN for the access's taxpayer; else NotFoundError."""
    found = Registration.objects.filter(
        arn=number.upper(), access__taxpayer_code=access.taxpayer_code
    ).first()
    if found is None:
        raise NotFoundError("avaz-arn-unknown")
    return found


def raise_serial(last: str) -> None:
    """Go on after an ARN the main system has seen: a desk put back from a copy repeats none."""
    if not arn.is_valid(last):
        return
    year, serial = arn.parts(last)
    with transaction.atomic():
        desk = the_desk()
        if (year, serial) > (desk.year, desk.serial):
            desk.year, desk.serial = year, serial
            desk.save(update_fields=["year", "serial"])


def the_desk() -> Desk:
    """Return which desk this is; the first question makes it one."""
    return Desk.objects.first() or Desk.objects.create()


def _refuse(told: Announcement) -> None:
    now = clock.now()
    if told.reason == Reason.INCOMPLETE and not told.number:
        raise UnprocessableError("avaz-number")
    earliest = now - timedelta(days=settings.AVAZ_TROUBLE_DAYS)
    is_ordered = told.trouble_to is None or told.trouble_to >= told.trouble_from
    if not (earliest <= told.trouble_from <= now + timedelta(minutes=5)) or not is_ordered:
        raise UnprocessableError("avaz-trouble", days=str(settings.AVAZ_TROUBLE_DAYS))
    if told.trouble_to and told.trouble_to > now + timedelta(days=1):
        raise UnprocessableError("avaz-trouble", days=str(settings.AVAZ_TROUBLE_DAYS))


def _refuse_many(access: Access) -> None:
    since = clock.now() - timedelta(hours=1)
    recent = Registration.objects.filter(access=access, at__gt=since).count()
    if recent >= settings.AVAZ_ARNS_PER_HOUR:
        raise ThrottledError("avaz-many", retry_after="3600")


def _held(access: Access, number: str) -> Registration | None:
    if not number:
        return None
    return Registration.objects.filter(
        access__taxpayer_code=access.taxpayer_code,
        number_key=loose_number(number),
        at__gt=clock.now() - SAME,
    ).first()


def _next_arn() -> str:
    """Return the next ARN; the transaction has the only writer's lock already."""
    desk, year = the_desk(), clock.today().year % 100
    desk.serial = desk.serial + 1 if desk.year == year else 1
    desk.year = year
    desk.save(update_fields=["year", "serial"])
    return arn.make(year, desk.serial)
