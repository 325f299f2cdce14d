"""Until when announcements are completed: counted here, told to the calendar and the reminders."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import Min

from avaz.models import Fallback, Outage
from avaz.types import Effect
from imas.kernel import clock
from imas.kernel.workdays import working_days_after
from mailbox import deadlines
from mailbox.deadlines import Deadline

COMPLETED_WITHIN = 3
"""Working days after i.VAZ is back in which all data are entered (VA-119, 29 p.)."""


def register() -> None:
    """Give the calendar the deadlines of a.VAZ."""
    deadlines.register(completions_due)


def last_day(back: datetime) -> date:
    """Return until when is completed what can be entered again from a moment on."""
    return working_days_after(back.astimezone(clock.VILNIUS).date(), COMPLETED_WITHIN)


def overdue_before(now: datetime) -> date:
    """Return before which day a last day is over.

    That is today; but what was not over when an outage began waits while it lasts, for nobody can
    complete anything then. Its days are prolonged when the outage ends.
    """
    lasting = Outage.objects.lasting(now).filter(effect=Effect.LATE_WAYBILLS)
    began: datetime | None = lasting.aggregate(first=Min("start"))["first"]
    today = now.astimezone(clock.VILNIUS).date()
    return min(today, began.astimezone(clock.VILNIUS).date()) if began else today


def completions_due(
    taxpayer_ids: Sequence[int], since: date, until: date
) -> Mapping[int, list[Deadline]]:
    """Tell the days on which announcements are to be completed, in one query."""
    rows = Fallback.objects.filter(
        access__taxpayer_id__in=taxpayer_ids, complete_until__range=(since, until)
    ).order_by("complete_until", "pk")
    found: dict[int, list[Deadline]] = defaultdict(list)
    for taxpayer_id, arn, day, completed_at in rows.values_list(
        "access__taxpayer_id", "arn", "complete_until", "completed_at"
    ):
        found[taxpayer_id].append(
            Deadline(
                subsystem="ivaz",
                key=f"avaz.{arn}",
                day=day,
                code="avaz.due",
                right="ivaz.view",
                is_done=completed_at is not None,
                url_name="avaz:fallbacks",
                params={"arn": arn, "day": day.isoformat()},
            )
        )
    return found
