"""The outbox of short messages: each waiting row is one message to send."""

from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from accounts.models import PhoneConfirmation
from accounts.services import phone_code
from accounts.services.phones import CODE_LASTS
from imas.kernel import clock
from imas.web.mail import Delivery
from imas.web.sms import pause_after, send_text


def send_phone_code(confirmation_id: UUID) -> None:
    """Send one waiting code. Safe to call any number of times; a passing fault is tried again.

    The time to type it in begins when the gateway has taken the message.
    """
    now = clock.now()
    if not PhoneConfirmation.objects.claim(confirmation_id, now):
        return
    row = PhoneConfirmation.objects.select_related("user").get(pk=confirmation_id)
    with translation.override(row.user.language):
        words = gettext("i.MAS: your code is %(code)s. Tell it to nobody.")
        delivery = send_text(row.phone, words % {"code": phone_code(row)}, str(row.pk))
    if delivery == Delivery.SENT:
        row.sent_at = clock.now()
        row.expires_at = row.sent_at + CODE_LASTS
    elif delivery == Delivery.REFUSED or now + pause_after(row.attempts) >= row.expires_at:
        row.failed_at = row.expires_at = now
    row.claimed_at, row.due_at = None, now + pause_after(row.attempts)
    row.save(update_fields=["sent_at", "expires_at", "failed_at", "claimed_at", "due_at"])


def send_due_phone_codes() -> None:
    """Send every code whose turn has come."""
    for row in PhoneConfirmation.objects.due(clock.now()).values_list("pk", flat=True):
        send_phone_code(row)
