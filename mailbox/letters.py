"""The e-mail that says only that messages have come (VA-119, 16 p.)."""

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from accounts.models import User
from imas.kernel import clock
from imas.web.mail import Delivery, Handed, hand_letter, pause_after
from mailbox.models import MAX_ATTEMPTS, Notice
from mailbox.returned import is_about_address, letter_id
from mailbox.services import VIEW, mark_unreachable
from mailbox.types import BounceSource, Dropped
from representation import selectors


def send_due_notices() -> None:
    """Send every letter whose turn has come. Two workers at once send each letter once."""
    due = Notice.objects.due(clock.now()).order_by("user_id")
    for user_id in due.values_list("user_id", flat=True).distinct():
        send_notices_to(user_id)


def send_notices_to(user_id: int) -> None:
    """Send a person one letter about all the messages that are due and still his to read."""
    notices = Notice.objects.take(user_id, clock.now())
    user = User.objects.get(pk=user_id)
    if not user.email_is_confirmed(clock.now()):
        _drop(notices, Dropped.NOT_CONFIRMED)
        return
    told = _still_readable(user, notices)
    _drop([notice for notice in notices if notice not in told], Dropped.RIGHT_ENDED)
    if told:
        _conclude(user, told, _send(user, len(told)))


def _still_readable(user: User, notices: Sequence[Notice]) -> list[Notice]:
    today = clock.today()
    readable = {
        taxpayer_id
        for taxpayer_id in {notice.message.taxpayer_id for notice in notices}
        if selectors.people_with(taxpayer_id, VIEW, today).filter(pk=user.pk).exists()
    }
    return [notice for notice in notices if notice.message.taxpayer_id in readable]


def _conclude(user: User, notices: Sequence[Notice], handed: Handed) -> None:
    """Write down what came of a letter: sent, to be tried again, or given up for good."""
    if handed.delivery == Delivery.SENT:
        _save(notices, sent_at=clock.now())
    elif handed.delivery == Delivery.REFUSED:
        status = handed.against_address
        is_gone = bool(status) and is_about_address(status)
        if is_gone:
            mark_unreachable(user, user.email, BounceSource.SMTP, status)
        _drop(notices, Dropped.UNREACHABLE if is_gone else Dropped.REFUSED)
    else:
        _drop([one for one in notices if one.attempts >= MAX_ATTEMPTS], Dropped.GIVEN_UP)
        for notice in notices:
            if notice.attempts < MAX_ATTEMPTS:
                _save([notice], due_at=clock.now() + pause_after(notice.attempts))


def _drop(notices: Sequence[Notice], why: Dropped) -> None:
    _save(notices, dropped_at=clock.now(), dropped_why=why)


def _save(notices: Sequence[Notice], **columns: object) -> None:
    pks = [notice.pk for notice in notices]
    Notice.objects.filter(pk__in=pks).update(claimed_at=None, **columns)


def _send(user: User, count: int) -> Handed:
    url = f"{settings.SITE_URL}{reverse('mailbox:messages')}"
    with translation.override(user.language):
        return hand_letter(
            user.email,
            ngettext("i.MAS: a message has come", "i.MAS: messages have come", count),
            render_to_string(
                "mailbox/letters/notice.txt", {"user": user, "url": url, "count": count}
            ),
            {"Message-ID": letter_id(user), "Auto-Submitted": "auto-generated"},
        )
