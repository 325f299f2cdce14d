"""Reads of the mailbox, with the words of the active language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.urls import NoReverseMatch, reverse

from mailbox.models import Message, MessageQuerySet
from mailbox.words import codes_saying, words_of
from representation.types import Acting


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it is read: words, and the address of the one thing to do."""

    message: Message
    title: str
    body: str
    subsystem: str
    url: str


def count_unread(acting: Acting) -> int:
    """Return how many messages nobody has opened."""
    return Message.objects.visible_to(acting).unread().count()


def count_unread_by_subsystem(acting: Acting) -> dict[str, int]:
    """Return the same by subsystem, those with messages only."""
    counted: dict[str, int] = {}
    for name in Message.objects.visible_to(acting).unread().values_list("subsystem", flat=True):
        counted[name] = counted.get(name, 0) + 1
    return counted


def subsystems_of(acting: Acting) -> list[str]:
    """Return the subsystems the taxpayer has messages from."""
    names = Message.objects.visible_to(acting).order_by("subsystem").values_list("subsystem")
    return [name for (name,) in names.distinct()]


def find_messages(acting: Acting, *, view: str, subsystem: str, text: str) -> MessageQuerySet:
    """Return messages the latest first: all shown ones, the unread, or those put away.

    `text` is looked for in the words of the active language and in what fills them in.
    """
    found = Message.objects.visible_to(acting)
    if view == "archive":
        found = found.filter(archived_at__isnull=False)
    else:
        found = found.unread() if view == "unread" else found.filter(archived_at__isnull=True)
    if subsystem:
        found = found.filter(subsystem=subsystem)
    return found.saying(text, codes_saying(text)) if text else found


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
