"""Putting deadlines off, links for calendar programs, and reminders."""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import NotFoundError, UnprocessableError
from mailbox.deadlines import Deadline, deadlines_of
from mailbox.models import CalendarLink, ReminderChoice, Snooze
from mailbox.selectors import CALENDAR_DAYS, Calendar, calendar_of, deadline_is_visible
from mailbox.services.noticing import tell_of
from mailbox.services.posting import post_message
from mailbox.services.reading import VIEW
from representation import selectors
from representation.models import Taxpayer
from representation.services import journal, journal_person
from representation.types import Acting

SNOOZE_DAYS = (1, 3, 7)
REMINDER_DAYS = (1, 2, 3, 5, 7, 14)
_BATCH = 500


def snooze(acting: Acting, key: str, days: int) -> Snooze:
    """Put a deadline off for oneself, never past its day while it is not late."""
    deadline = _deadline(acting, key)
    if days not in SNOOZE_DAYS:
        raise UnprocessableError("snooze-days")
    today = clock.today()
    until = today + timedelta(days=days)
    if deadline.day > today:
        until = min(until, deadline.day)
    made, _ = Snooze.objects.update_or_create(
        user_id=acting.user_id,
        taxpayer_id=acting.taxpayer_id,
        key=key,
        defaults={"until": until},
    )
    return made


def wake(acting: Acting, key: str) -> None:
    """See a deadline again at once."""
    Snooze.objects.filter(user_id=acting.user_id, taxpayer_id=acting.taxpayer_id, key=key).delete()


@transaction.atomic
def new_calendar_link(acting: Acting) -> str:
    """Return the secret of a new link of one's own; the earlier one opens nothing any more."""
    acting.require(VIEW)
    User.objects.select_for_update().get(pk=acting.user_id)
    _links(acting).update(revoked_at=clock.now())
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.create(
        user_id=acting.user_id,
        taxpayer_id=acting.taxpayer_id,
        token_hash=_hash(token),
        created_at=clock.now(),
    )
    journal(acting, "calendar.link-made")
    return token


@transaction.atomic
def revoke_calendar_link(acting: Acting) -> None:
    """End one's own link at once; without one nothing happens."""
    acting.require(VIEW)
    if _links(acting).update(revoked_at=clock.now()):
        journal(acting, "calendar.link-revoked")


def open_calendar(token: str) -> Calendar:
    """Return what a link shows, by the rights its owner has now; else `NotFoundError`."""
    link = (
        CalendarLink.objects.filter(token_hash=_hash(token), revoked_at=None)
        .select_related("user")
        .first()
    )
    now = clock.now()
    if link is None or not link.user.is_ready(now):
        raise NotFoundError
    calendar = calendar_of(link, clock.today())
    if calendar is None:
        raise NotFoundError
    CalendarLink.objects.filter(pk=link.pk).update(used_at=now)
    return calendar


@transaction.atomic
def choose_reminders(user: User, days: int) -> None:
    """Keep how many days before a deadline the person is reminded."""
    if days not in REMINDER_DAYS:
        raise UnprocessableError("reminder-days")
    ReminderChoice.objects.update_or_create(user=user, defaults={"days": days})
    journal_person(user, "mailbox.reminders-chosen", "", {"days": str(days)})


def remind(today: date) -> None:
    """Remind of what is not done and near: once in the box, once by e-mail for each person.

    Safe to run any number of times a day.
    """
    last = today + timedelta(days=max(REMINDER_DAYS))
    for batch in _batches():
        for taxpayer_id, deadlines in deadlines_of(batch, today, last).items():
            waiting = [one for one in deadlines if not one.is_done]
            if waiting:
                _remind_of(taxpayer_id, waiting, today)


def _batches() -> Iterator[list[int]]:
    batch = [0]
    while batch:
        after = Taxpayer.objects.filter(pk__gt=batch[-1]).order_by("pk")
        batch = list(after.values_list("pk", flat=True)[:_BATCH])
        yield batch


def _remind_of(taxpayer_id: int, deadlines: Sequence[Deadline], today: date) -> None:
    readers = list(selectors.people_with(taxpayer_id, VIEW, today))
    usual = settings.REMINDER_DAYS
    chosen = dict(ReminderChoice.objects.filter(user__in=readers).values_list("user_id", "days"))
    put_off = set(
        Snooze.objects.on(today).filter(taxpayer_id=taxpayer_id).values_list("user_id", "key")
    )
    for deadline in deadlines:
        left = (deadline.day - today).days
        near = [
            reader
            for reader in readers
            if left <= chosen.get(reader.pk, usual) and (reader.pk, deadline.key) not in put_off
        ]
        if near:
            _post(taxpayer_id, deadline, list(_who_may(taxpayer_id, deadline, near, today)))


def _who_may(
    taxpayer_id: int, deadline: Deadline, people: Sequence[User], today: date
) -> Iterator[User]:
    allowed = selectors.people_with(taxpayer_id, deadline.right, today)
    may = set(allowed.values_list("pk", flat=True))
    yield from (person for person in people if person.pk in may)


@transaction.atomic
def _post(taxpayer_id: int, deadline: Deadline, people: Sequence[User]) -> None:
    if not people:
        return
    message = post_message(
        taxpayer_id=taxpayer_id,
        subsystem=deadline.subsystem,
        key=f"reminder.{deadline.key}",
        code=deadline.code,
        params=deadline.params,
        url_name=deadline.url_name,
        url_args=deadline.url_args,
        tell=False,
    )
    tell_of(message, [one for one in people if one.email_confirmed_at is not None])


def _deadline(acting: Acting, key: str) -> Deadline:
    today, span = clock.today(), timedelta(days=CALENDAR_DAYS)
    found = deadlines_of([acting.taxpayer_id], today - span, today + span)
    for deadline in found[acting.taxpayer_id]:
        if deadline.key == key and deadline_is_visible(acting, deadline):
            return deadline
    raise NotFoundError("deadline-not-found")


def _links(acting: Acting) -> QuerySet[CalendarLink]:
    mine = CalendarLink.objects.filter(user_id=acting.user_id, taxpayer_id=acting.taxpayer_id)
    return mine.filter(revoked_at=None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
