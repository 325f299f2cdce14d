"""The e-mail that says only that a message has come (VA-119, 16 p.)."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from imas.kernel import clock
from imas.web.mail import Delivery, pause_after, send_letter
from mailbox.models import MAX_ATTEMPTS, Notice
from mailbox.services import VIEW
from representation import selectors


def send_due_notices() -> None:
    """Send every letter whose turn has come. Two workers at once send each letter once."""
    for notice_id in Notice.objects.due(clock.now()).values_list("pk", flat=True):
        send_notice(notice_id)


def send_notice(notice_id: int) -> None:
    """Send one letter, if it is due and its reader may still read the message."""
    now = clock.now()
    if not Notice.objects.claim(notice_id, now):
        return
    notice = Notice.objects.select_related("user", "message").get(pk=notice_id)
    delivery = _send(notice) if _may_be_told(notice) else Delivery.REFUSED
    is_hopeless = delivery == Delivery.LATER and notice.attempts >= MAX_ATTEMPTS
    if delivery == Delivery.SENT:
        notice.sent_at = clock.now()
    elif delivery == Delivery.REFUSED or is_hopeless:
        notice.dropped_at = now
    notice.claimed_at = None
    notice.due_at = now + pause_after(notice.attempts)
    notice.save(update_fields=["sent_at", "dropped_at", "claimed_at", "due_at"])


def _may_be_told(notice: Notice) -> bool:
    readers = selectors.people_with(notice.message.taxpayer_id, VIEW, clock.today())
    return (
        notice.user.email_is_confirmed(clock.now()) and readers.filter(pk=notice.user_id).exists()
    )


def _send(notice: Notice) -> Delivery:
    url = f"{settings.SITE_URL}{reverse('mailbox:messages')}"
    context = {"user": notice.user, "url": url}
    with translation.override(notice.user.language):
        return send_letter(
            notice.user.email,
            gettext("i.MAS: a message has come"),
            render_to_string("mailbox/letters/notice.txt", context),
        )
