"""The outbox of confirmation letters: each waiting row is one letter to send."""

from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import EmailConfirmation
from accounts.services import token_of
from imas.kernel import clock
from imas.web.mail import Delivery, pause_after, send_letter


def send_confirmation(confirmation_id: UUID) -> None:
    """Send one waiting letter. Safe to call any number of times; a passing fault is tried again."""
    now = clock.now()
    if not EmailConfirmation.objects.claim(confirmation_id, now):
        return
    confirmation = EmailConfirmation.objects.select_related("user").get(pk=confirmation_id)
    with translation.override(confirmation.user.language):
        delivery = send_letter(
            confirmation.email,
            gettext("i.MAS: confirm your e-mail address"),
            render_to_string("accounts/letters/confirm_email.txt", _context(confirmation)),
        )
    if delivery == Delivery.SENT:
        confirmation.sent_at = clock.now()
    elif delivery == Delivery.REFUSED:
        confirmation.expires_at = now
    confirmation.claimed_at = None
    confirmation.due_at = now + pause_after(confirmation.attempts)
    confirmation.save(update_fields=["sent_at", "expires_at", "claimed_at", "due_at"])


def send_due_confirmations() -> None:
    """Send every letter whose turn has come."""
    for confirmation in EmailConfirmation.objects.due(clock.now()).values_list("pk", flat=True):
        send_confirmation(confirmation)


def _context(confirmation: EmailConfirmation) -> dict[str, object]:
    address = reverse("accounts:confirm-email", args=[token_of(confirmation)])
    return {
        "user": confirmation.user,
        "url": f"{settings.SITE_URL}{address}",
        "hours": settings.EMAIL_LINK_HOURS,
    }
