"""Reads of the mailbox, with the words of the active language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from imas.kernel import clock
from mailbox.deadlines import Deadline, deadlines_of
from mailbox.models import (
    CalendarLink,
    Delivery,
    Endpoint,
    EndpointQuerySet,
    Event,
    Message,
    MessageQuerySet,
    Notice,
    NoticeChoice,
    ReminderChoice,
    Snooze,
)
from mailbox.types import EndpointState, NoticeMode
from mailbox.words import codes_saying, known_codes, words_of
from representation import selectors as mandates
from representation.types import Acting

LATEST_NOTICES = 20
LATEST_DELIVERIES = 50
CALENDAR_DAYS = 100
"""How far back and ahead the calendar looks."""
_STATES = ("late", "open", "snoozed", "done")
DELIVERIES_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it is read: words, and the address of the one thing to do."""

    message: Message
    title: str
    body: str
    subsystem: str
    url: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages are asked for: all that are not put away, the unread, or the archive.

    `since` and `until` are Vilnius days, both included; whatever is empty narrows nothing.
    """

    view: str = ""
    subsystem: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None


def count_unread(acting: Acting) -> int:
    """Return how many messages nobody has opened."""
    return Message.objects.visible_to(acting).unread().count()


def count_unread_by_subsystem(acting: Acting) -> dict[str, int]:
    """Return by subsystem how many messages nobody has opened; all it has messages from, by name.

    What is put away is not counted, but its subsystem is named.
    """
    unread = Q(read_at__isnull=True, archived_at__isnull=True)
    rows = Message.objects.visible_to(acting).order_by("subsystem").values_list("subsystem")
    return dict(rows.annotate(unread=Count("pk", filter=unread)))


def find_messages(acting: Acting, wanted: Wanted) -> MessageQuerySet:
    """Return messages the latest first, as asked for.

    The text is looked for in the words of the active language and in what fills them in.
    """
    found = Message.objects.visible_to(acting).noting_files()
    found = found.come_between(wanted.since, wanted.until)
    if wanted.view == "archive":
        found = found.filter(archived_at__isnull=False)
    else:
        found = found.unread() if wanted.view == "unread" else found.filter(archived_at=None)
    if wanted.subsystem:
        found = found.filter(subsystem=wanted.subsystem)
    return found.saying(wanted.text, codes_saying(wanted.text)) if wanted.text else found


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in the order of their numbers, as they are told, and where the next ones begin."""

    items: list[dict[str, Any]]
    next: str


def has_events_after(taxpayer_id: int, number: int) -> bool:
    """Tell whether anything has happened to the taxpayer after this number."""
    later = Q(number=None) | Q(number__gt=number)
    return Event.objects.filter(later, taxpayer_id=taxpayer_id).exists()


def endpoints_due(at: datetime) -> list[UUID]:
    """Return the endpoints that there is something to tell."""
    fresh = Event.objects.filter(taxpayer=OuterRef("taxpayer"), number=None)
    due = Delivery.objects.due(at).filter(endpoint=OuterRef("pk"))
    behind = Q(taxpayer__event_feed__numbered__gt=F("position"))
    active = Endpoint.objects.filter(state=EndpointState.ACTIVE)
    found = active.filter(Q(Exists(fresh)) | behind | Q(Exists(due)))
    return list(found.values_list("pk", flat=True))


def deliveries_due(endpoint_id: UUID, at: datetime) -> list[UUID]:
    """Return what is due to an endpoint, in the order it happened."""
    due = Delivery.objects.due(at).filter(endpoint=endpoint_id).order_by("created_at", "number")
    return list(due.values_list("pk", flat=True)[:DELIVERIES_AT_ONCE])


def endpoints_of(acting: Acting) -> EndpointQuerySet:
    """Return the endpoints of the taxpayer with those who added them."""
    return Endpoint.objects.visible_to(acting).select_related("owner")


def log_of(endpoint: Endpoint) -> QuerySet[Delivery]:
    """Return what an endpoint was told last, with every attempt."""
    return endpoint.deliveries.prefetch_related("tries")[:LATEST_DELIVERIES]


@dataclass(frozen=True, slots=True)
class Entry:
    """A deadline as one person sees it: done, late, open, or put off until a day."""

    deadline: Deadline
    state: str
    snoozed_until: date | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """The deadlines of a month; `start` is its first day."""

    start: date
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a calendar link shows: what is not done, in the language of its owner."""

    link_id: UUID
    language: str
    deadlines: list[Deadline]


def deadline_is_visible(acting: Acting, deadline: Deadline) -> bool:
    """Tell whether the one acting may learn of a deadline."""
    return acting.may(deadline.right)


def months_of(acting: Acting, view: str) -> list[Month]:
    """Return the deadlines around today by months: what is to do, or `done`, `snoozed`, `all`."""
    wanted = {"done": {"done"}, "snoozed": {"snoozed"}, "all": set(_STATES)}
    shown = wanted.get(view, {"late", "open"})
    months: dict[date, list[Entry]] = {}
    for entry in _entries(acting):
        if entry.state in shown:
            months.setdefault(entry.deadline.day.replace(day=1), []).append(entry)
    return [Month(start, entries) for start, entries in sorted(months.items())]


def calendar_link_of(acting: Acting) -> CalendarLink | None:
    """Return the person's own link to the taxpayer's calendar, if there is one."""
    links = CalendarLink.objects.filter(user_id=acting.user_id, taxpayer_id=acting.taxpayer_id)
    return links.filter(revoked_at=None).first()


def calendar_of(link: CalendarLink, today: date) -> Calendar | None:
    """Return what a link shows by the rights its owner has today; None when he has none."""
    if not _has_right(link, "mailbox.view", today):
        return None
    span = timedelta(days=CALENDAR_DAYS)
    found = deadlines_of([link.taxpayer_id], today - span, today + span)[link.taxpayer_id]
    rights = {right: _has_right(link, right, today) for right in {one.right for one in found}}
    shown = [one for one in found if rights[one.right] and not one.is_done]
    return Calendar(link.pk, link.user.language, shown)


def reminder_days_of(user: User) -> int:
    """Return how many days before a deadline the person is reminded."""
    choice = ReminderChoice.objects.filter(user=user).first()
    return choice.days if choice else settings.REMINDER_DAYS


def _has_right(link: CalendarLink, right: str, today: date) -> bool:
    holders = mandates.people_with(link.taxpayer_id, right, today)
    return holders.filter(pk=link.user_id).exists()


def _entries(acting: Acting) -> Iterator[Entry]:
    today, span = clock.today(), timedelta(days=CALENDAR_DAYS)
    put_off = dict(
        Snooze.objects.on(today)
        .filter(user_id=acting.user_id, taxpayer_id=acting.taxpayer_id)
        .values_list("key", "until")
    )
    found = deadlines_of([acting.taxpayer_id], today - span, today + span)
    for deadline in found[acting.taxpayer_id]:
        if deadline_is_visible(acting, deadline):
            until = put_off.get(deadline.key)
            yield Entry(deadline, _state(deadline, until, today), until)


def _state(deadline: Deadline, snoozed_until: date | None, today: date) -> str:
    if deadline.is_done:
        return "done"
    if snoozed_until:
        return "snoozed"
    return "late" if deadline.day < today else "open"


def notice_modes_of(user: User) -> dict[str, NoticeMode]:
    """Return when a person is told, for every subsystem that posts messages, by name."""
    chosen = dict(NoticeChoice.objects.filter(user=user).values_list("subsystem", "mode"))
    senders = sorted({code.partition(".")[0] for code in known_codes()})
    # What the front desk posts stands among the messages of the subsystem it is about.
    shown = [name for name in senders if hasattr(apps.app_configs.get(name), "sidebar")]
    return {name: NoticeMode(chosen.get(name, NoticeMode.AT_ONCE)) for name in shown}


def latest_notices_of(user: User) -> QuerySet[Notice]:
    """Return what the person was told of last, or will be."""
    found = Notice.objects.filter(user=user).select_related("message")
    return found.order_by("-due_at", "-pk")[:LATEST_NOTICES]


def unreachable_address_of(user: User) -> str:
    """Return the person's address if it has to be confirmed again because letters came back."""
    if user.email_confirmed_at is not None or not user.email:
        return ""
    return user.email if user.bounces.filter(email=user.email).exists() else ""


def letters_of(messages: Iterable[Message]) -> Iterator[Letter]:
    """Put messages into words."""
    for message in messages:
        words = words_of(message.code, message.params)
        yield Letter(
            message, words.title, words.body, subsystem_words(message.subsystem), _url(message)
        )


def subsystem_words(label: str) -> str:
    """Return the name of a subsystem as people know it."""
    config = apps.app_configs.get(label)
    return str(config.verbose_name) if config else label


def _url(message: Message) -> str:
    """The page a message leads to; a page that is gone leads nowhere."""
    if not message.url_name:
        return ""
    try:
        return reverse(message.url_name, args=message.url_args)
    except NoReverseMatch:
        return ""
