"""Reads of the mailbox, with the words of the active language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from mailbox.models import (
    Delivery,
    Endpoint,
    EndpointQuerySet,
    Event,
    Message,
    MessageQuerySet,
    Notice,
    NoticeChoice,
)
from mailbox.types import EndpointState, NoticeMode
from mailbox.words import codes_saying, known_codes, words_of
from representation.types import Acting

LATEST_NOTICES = 20
LATEST_DELIVERIES = 50
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


def notice_modes_of(user: User) -> dict[str, NoticeMode]:
    """Return when a person is told, for every subsystem that posts messages, by name."""
    chosen = dict(NoticeChoice.objects.filter(user=user).values_list("subsystem", "mode"))
    senders = {code.partition(".")[0] for code in known_codes()} & apps.app_configs.keys()
    return {name: NoticeMode(chosen.get(name, NoticeMode.AT_ONCE)) for name in sorted(senders)}


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
