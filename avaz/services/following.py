"""What follows from what is said of an outage: its history, what is excused, who is told when."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from accounts.models import User
from avaz.deadlines import last_day
from avaz.models import Fallback, Outage, OutageNotice, OutageVersion
from avaz.reliance import Said, excused_times, known_since
from avaz.types import Effect, How, Occasion, OutageAct, Subsystem
from imas.kernel import clock
from ivaz import ports as ivaz

OBSERVED_TOLD_AFTER = timedelta(minutes=5)
"""What the desk observed is told as begun only when it still lasts: most of it is over when the
main system hears of it."""


def say(
    outage: Outage, act: OutageAct, now: datetime, *, by: User | None = None, why: str = ""
) -> None:
    """Write down what is said of an outage, and let the rest follow.

    Called in a transaction, with an outage that is new or locked and holds what is said now.
    """
    held = list(outage.versions.order_by("number"))
    outage.version = len(held) + 1
    outage.save()
    made = OutageVersion.objects.create(
        outage=outage,
        number=outage.version,
        act=act,
        at=now,
        by=by,
        why=why,
        subsystem=outage.subsystem,
        start=outage.start,
        end=outage.end,
        effect=outage.effect,
        words_lt=outage.words_lt,
        words_en=outage.words_en,
    )
    _excuse(outage)
    is_news = not held or act is OutageAct.WITHDRAWN or _terms(held[-1]) != _terms(made)
    if is_news and outage.subsystem != Subsystem.ISAF:
        _order_notices(outage, act, now)


def excused(outage: Outage) -> Iterator[tuple[datetime, datetime | None, date | None]]:
    """Yield the times an outage excuses, each with the last day on which it is made use of.

    It is the third working day after the end, or after the authority said so, if that was later.
    """
    said = [_said(version) for version in outage.versions.order_by("number")]
    known = known_since(said)
    for start, end in excused_times(said):
        yield start, end, last_day(max(end, known)) if end else None


def prolong(outage: Outage, now: datetime) -> None:
    """Give more days to what was to be completed while an outage kept everybody from doing so."""
    for start, end, until in excused(outage):
        if end is None or until is None or end > now:
            continue
        kept_from_it = Fallback.objects.open().filter(
            complete_until__gte=start.astimezone(clock.VILNIUS).date(),
            complete_until__lt=until,
            taken_at__lte=end,
        )
        ivaz.prolong(list(kept_from_it.values_list("arn", flat=True)), until)
        kept_from_it.update(complete_until=until, overdue_told_at=None)


def _excuse(outage: Outage) -> None:
    """Let i.VAZ take late what the outage excuses now; what was taken by more than that stays."""
    times = list(excused(outage))
    for place in range(outage.version):
        source = f"{outage.pk}:{place}" if place else str(outage.pk)
        if place >= len(times):
            ivaz.forgive_no_more(source)
            continue
        start, end, until = times[place]
        ivaz.excuse(source=source, taxpayer_id=None, start=start, end=end, complete_until=until)


def _said(version: OutageVersion) -> Said:
    # The desk's own pages told of what it observed from its begin on.
    at = version.start if version.act == OutageAct.OBSERVED else version.at
    is_late = version.effect == Effect.LATE_WAYBILLS and version.act != OutageAct.WITHDRAWN
    return Said(at, version.start, version.end, excuses=is_late)


def _order_notices(outage: Outage, act: OutageAct, now: datetime) -> None:
    """Order what mailboxes are to be told, in place of what they were not told yet."""
    waiting = outage.notices.select_for_update().filter(told_at__isnull=True)
    list(waiting)
    waiting.filter(told_to=0).delete()
    waiting.filter(told_to__gt=0).update(told_at=now)
    for occasion, due_at in _occasions(outage, act, now, outage.notices.all()):
        OutageNotice.objects.create(
            outage=outage, version=outage.version, occasion=occasion, due_at=due_at
        )


def _occasions(
    outage: Outage, act: OutageAct, now: datetime, told: QuerySet[OutageNotice]
) -> Sequence[tuple[Occasion, datetime]]:
    is_told = told.exists()
    if outage.withdrawn_at:
        return [(Occasion.WITHDRAWN, now)] if is_told else []
    found = []
    if is_told and act is OutageAct.CORRECTED:
        found.append((Occasion.CORRECTED, now))
    elif not is_told and outage.start > now:
        found.append((Occasion.PLANNED, now))
    elif not is_told and (outage.end is None or outage.end > now):
        pause = OBSERVED_TOLD_AFTER if outage.how == How.OBSERVED else timedelta()
        found.append((Occasion.BEGAN, now + pause))
    is_all_said = bool(found) and found[0][0] is Occasion.CORRECTED
    if outage.end and not (is_all_said and outage.end <= now):
        found.append((Occasion.OVER, max(outage.end, now)))
    return found


def _terms(version: OutageVersion) -> tuple[datetime, datetime | None, str]:
    return version.start, version.end, version.effect
