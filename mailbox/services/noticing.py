"""Whom to tell by e-mail and when, and what to do when an address takes no letters."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from mailbox.models import Bounce, Message, Notice, NoticeChoice
from mailbox.returned import read_returned
from mailbox.types import BounceSource, NoticeMode
from representation.services import journal_person


def tell_of(message: Message, readers: Iterable[User]) -> None:
    """Note that these people are to be told of a message, each as he chose; twice is once."""
    tell_of_many({message: readers})


def tell_of_many(readers: Mapping[Message, Iterable[User]]) -> None:
    """Note the same of many messages of one subsystem, in two queries."""
    told = [(message, user.pk) for message, people in readers.items() for user in people]
    if not told:
        return
    modes = dict(
        NoticeChoice.objects.filter(
            user__in={pk for _message, pk in told}, subsystem=told[0][0].subsystem
        ).values_list("user_id", "mode")
    )
    now = clock.now()
    Notice.objects.bulk_create(
        (
            Notice(message=message, user_id=pk, due_at=_due_at(mode, now))
            for message, pk in told
            if (mode := _allowed(modes.get(pk, NoticeMode.AT_ONCE), message.subsystem))
            != NoticeMode.NONE
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def choose_notices(user: User, modes: Mapping[str, NoticeMode]) -> None:
    """Keep when a person is told, by subsystem; what is due already stays due.

    No letters at all where the rules do not allow it: `UnprocessableError`.
    """
    for subsystem, mode in modes.items():
        if _allowed(mode, subsystem) != mode:
            raise UnprocessableError("notices-needed", subsystem=subsystem)
        NoticeChoice.objects.update_or_create(
            user=user, subsystem=subsystem, defaults={"mode": mode}
        )
    journal_person(user, "mailbox.notices-chosen", "", {str(key): modes[key] for key in modes})


@transaction.atomic
def mark_unreachable(user: User, email: str, source: BounceSource, status: str) -> bool:
    """Remember that an address takes no letters: it must be confirmed again (VA-119, 4 and 31 p.).

    Nothing happens, and False is returned, when the person has another address by now or the
    confirmation has ended already.
    """
    fresh = User.objects.select_for_update().filter(pk=user.pk, email=email)
    if not fresh.filter(email_confirmed_at__isnull=False).update(email_confirmed_at=None):
        return False
    Bounce.objects.create(user=user, email=email, at=clock.now(), source=source, status=status)
    journal_person(user, "mailbox.address-unreachable", "", {"source": source, "status": status})
    return True


def take_returned_letter(content: bytes) -> bool:
    """Take a letter that came back; tell whether it made an address count as unreachable."""
    returned = read_returned(content)
    if returned is None:
        return False
    user = returned.user
    return mark_unreachable(user, user.email, BounceSource.RETURNED, returned.status)


def _allowed(mode: str, subsystem: str) -> NoticeMode:
    """A person is told of every message, unless the authority leaves that to him (VA-119, 16)."""
    if mode == NoticeMode.NONE and subsystem not in settings.NOTICE_OPTIONAL_SUBSYSTEMS:
        return NoticeMode.DAILY
    return NoticeMode(mode)


def _due_at(mode: NoticeMode, now: datetime) -> datetime:
    """At once, or at the next hour of daily letters in Vilnius."""
    if mode != NoticeMode.DAILY:
        return now
    hour, today = time(settings.NOTICE_DIGEST_HOUR), clock.today()
    due = datetime.combine(today, hour, clock.VILNIUS)
    return due if due > now else datetime.combine(today + timedelta(1), hour, clock.VILNIUS)
