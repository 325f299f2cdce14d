"""The outboxes of letters: each waiting row is one letter to send."""

from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from accounts.models import EmailConfirmation, SafetyLetter
from accounts.services import secret_of, token_of
from accounts.types import LetterKind
from imas.kernel import clock
from imas.web.mail import Delivery, pause_after, send_letter

_SUBJECTS = {
    LetterKind.NEW_DEVICE: gettext_lazy("i.MAS: you signed in in a new browser"),
    LetterKind.FACTOR_CHANGED: gettext_lazy("i.MAS: the second factor was changed"),
    LetterKind.RECOVERY_CODE_USED: gettext_lazy("i.MAS: a recovery code was used"),
    LetterKind.PASSWORD_CHANGED: gettext_lazy("i.MAS: the password was changed"),
    LetterKind.RECOVERY: gettext_lazy("i.MAS: a new password"),
    LetterKind.EMAIL_CHANGED: gettext_lazy("i.MAS: your e-mail address was changed"),
}
_LINKS = {
    LetterKind.RECOVERY: "accounts:recovery-password",
    LetterKind.EMAIL_CHANGED: "accounts:undo-email",
}


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


def send_safety_letter(letter_id: UUID) -> None:
    """Send one waiting letter. Safe to call any number of times; a passing fault is tried again."""
    now = clock.now()
    if not SafetyLetter.objects.claim(letter_id, now):
        return
    letter = SafetyLetter.objects.select_related("user").get(pk=letter_id)
    with translation.override(letter.user.language):
        body = render_to_string(f"accounts/letters/{letter.kind}.txt", _told(letter))
        delivery = send_letter(letter.email, str(_SUBJECTS[LetterKind(letter.kind)]), body)
    if delivery == Delivery.SENT:
        letter.sent_at = clock.now()
    elif delivery == Delivery.REFUSED:
        letter.expires_at = now
    letter.claimed_at, letter.due_at = None, now + pause_after(letter.attempts)
    letter.save(update_fields=["sent_at", "expires_at", "claimed_at", "due_at"])


def send_due_safety_letters() -> None:
    """Send every letter about the safety of an account whose turn has come."""
    for letter in SafetyLetter.objects.due(clock.now()).values_list("pk", flat=True):
        send_safety_letter(letter)


def _told(letter: SafetyLetter) -> dict[str, object]:
    view = _LINKS.get(LetterKind(letter.kind))
    address = reverse(view, args=[secret_of(letter)]) if view else reverse("accounts:security")
    return {
        "user": letter.user,
        "params": letter.params,
        "at": letter.created_at.astimezone(clock.VILNIUS),
        "until": letter.expires_at.astimezone(clock.VILNIUS),
        "url": f"{settings.SITE_URL}{address}",
    }


def _context(confirmation: EmailConfirmation) -> dict[str, object]:
    address = reverse("accounts:confirm-email", args=[token_of(confirmation)])
    return {
        "user": confirmation.user,
        "url": f"{settings.SITE_URL}{address}",
        "hours": settings.EMAIL_LINK_HOURS,
    }
