"""Writing down what happened, and putting it in an order that readers can trust."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from imas.kernel import clock
from imas.kernel.errors import GoneError, UnprocessableError
from mailbox.models import Event, EventFeed, Message
from mailbox.selectors import EventPage
from representation.types import Acting

EVENTS_AT_ONCE = 200
_BATCH = 1000
_NUMBER = """
    UPDATE mailbox_event AS event SET number = %s + found.place
    FROM (
        SELECT id, row_number() OVER (ORDER BY id) AS place
        FROM mailbox_event WHERE taxpayer_id = %s AND number IS NULL
    ) AS found
    WHERE event.id = found.id
"""


def record_event(taxpayer_id: int, code: str, right: str, subject: str, /, **params: str) -> None:
    """Write down that something happened, in the transaction that does it.

    Whoever has the `right` without limits may learn of it; `params` hold what is needed to tell it,
    never content.
    """
    Event.objects.create(
        taxpayer_id=taxpayer_id,
        code=code,
        right=right,
        subject=subject,
        params=params,
        at=clock.now(),
    )


def record_events(messages: Iterable[Message], code: str, right: str, /, **params: str) -> None:
    """Write down the same of many messages, each of another taxpayer, in one statement."""
    now = clock.now()
    Event.objects.bulk_create(
        Event(
            taxpayer_id=message.taxpayer_id,
            code=code,
            right=right,
            subject=str(message.pk),
            params=params,
            at=now,
        )
        for message in messages
    )


def number_events(taxpayer_id: int) -> None:
    """Give the events that have been committed their numbers: 1, 2, 3 …, without gaps.

    Numbering is a transaction of its own, one at a time for each taxpayer (the row of the feed is
    locked), and it sees only what is committed. So a number never becomes visible before a
    smaller one, however many transactions write at once and however long they take.
    """
    if not Event.objects.filter(taxpayer_id=taxpayer_id, number=None).exists():
        return
    with transaction.atomic():
        EventFeed.objects.get_or_create(taxpayer_id=taxpayer_id)
        feed = EventFeed.objects.select_for_update().get(taxpayer_id=taxpayer_id)
        with connection.cursor() as cursor:
            cursor.execute(_NUMBER, [feed.numbered, taxpayer_id])
            feed.numbered += cursor.rowcount
        feed.save(update_fields=["numbered"])


def read_events(acting: Acting, after: int | None) -> EventPage:
    """Return the events after a number that the one acting may see; None begins from now.

    Numbers that are no longer kept: `GoneError("events-gone")`; not given yet: `bad-cursor`.
    """
    number_events(acting.taxpayer_id)
    feed = EventFeed.objects.filter(taxpayer_id=acting.taxpayer_id).first()
    feed = feed or EventFeed(taxpayer_id=acting.taxpayer_id)
    if after is None:
        return EventPage([], str(feed.numbered))
    if after > feed.numbered:
        raise UnprocessableError("bad-cursor")
    if after < feed.dropped and after:
        raise GoneError("events-gone", days=str(settings.EVENT_DAYS), oldest=str(feed.dropped))
    later = Event.objects.filter(taxpayer_id=acting.taxpayer_id, number__gt=after)
    scanned = list(later.order_by("number")[:EVENTS_AT_ONCE])
    told = [one for one in scanned if acting.may_wholly(one.right)]
    seen = [event_as_told(one, acting.taxpayer_code) for one in told]
    last = scanned[-1].number if scanned else max(after, feed.dropped)
    return EventPage(seen, str(last))


def event_as_told(event: Event, taxpayer_code: str) -> dict[str, Any]:
    """Return an event as the feed and the webhooks tell it."""
    return {
        "type": event.code,
        "timestamp": event.at.isoformat(),
        "number": event.number,
        "data": {"taxpayer": taxpayer_code, "subject": event.subject, **event.params},
    }


def drop_old_events() -> None:
    """Forget events older than `EVENT_DAYS`; the feed remembers up to which number."""
    before = clock.now() - timedelta(days=settings.EVENT_DAYS)
    while True:
        old = Event.objects.filter(at__lt=before).order_by("at")
        taxpayers = set(old.values_list("taxpayer_id", flat=True)[:_BATCH])
        if not taxpayers:
            return
        for taxpayer_id in sorted(taxpayers):
            number_events(taxpayer_id)
            with transaction.atomic():
                feed = EventFeed.objects.select_for_update().get(taxpayer_id=taxpayer_id)
                mine = Event.objects.filter(taxpayer_id=taxpayer_id, at__lt=before)
                last = mine.aggregate(last=Max("number"))["last"]
                feed.dropped = max(feed.dropped, last or 0)
                feed.save(update_fields=["dropped"])
                Event.objects.filter(taxpayer_id=taxpayer_id, number__lte=feed.dropped).delete()
