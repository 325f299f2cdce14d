"""Announcements of the desk become records of i.VAZ, exactly once (VA-119, 28 and 29 p.)."""

from dataclasses import asdict, dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from avaz.deadlines import last_day
from avaz.models import Access, Fallback
from avaz.notices import announce_taken
from avaz.types import Reason
from imas.kernel import clock
from ivaz import ports as ivaz
from representation.services import journal
from representation.types import system_acting


@dataclass(frozen=True, slots=True)
class Told:
    """An announcement as the desk tells it."""

    desk: UUID
    desk_id: int
    arn: str
    access: UUID
    number: str
    reason: str
    description: str
    channel: str
    trouble_from: datetime
    trouble_to: datetime | None
    at: datetime


def take_over(told: Told) -> bool:
    """Take an announcement over; False when it was taken before.

    One waybill: i.VAZ keeps its number under the ARN. Several: their waybills of the time of the
    trouble are taken late. Both until the same day. All of it is one transaction.
    """
    with transaction.atomic():
        # Of two sweeps at once the second waits here, and finds what the first has done.
        access = (
            Access.objects.select_related("taxpayer")
            .select_for_update(of=("self",))
            .get(pk=told.access)
        )
        if Fallback.objects.filter(arn=told.arn).exists():
            return False
        now = clock.now()
        made = Fallback.objects.create(
            **{**asdict(told), "access": access},
            taken_at=now,
            complete_until=last_day(now),
        )
        if made.number:
            ivaz.reserve(
                arn=made.arn,
                taxpayer_id=access.taxpayer_id,
                number=made.number,
                given_at=made.at,
                complete_until=made.complete_until,
            )
        else:
            ivaz.excuse(
                source=made.arn,
                taxpayer_id=access.taxpayer_id,
                start=made.trouble_from,
                end=_end_of_trouble(made),
                complete_until=made.complete_until,
            )
        announce_taken(made)
        acting = system_acting(access.taxpayer, ())
        journal(acting, "avaz.taken-over", made.arn, number=made.number, reason=made.reason)
    return True


def _end_of_trouble(made: Fallback) -> datetime:
    """Return when the trouble of several waybills ended.

    As told; else an outage of i.VAZ ended now at the latest, for the announcement is here, and
    one's own trouble is believed till the end of the day of its announcement.
    """
    if made.trouble_to:
        return made.trouble_to
    if made.reason == Reason.OUTAGE:
        return max(made.taken_at, made.trouble_from)
    day = made.at.astimezone(clock.VILNIUS).date()
    return datetime.combine(day, time.max, clock.VILNIUS)
