"""The outboxes of letters: each waiting row is one letter to send."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from accounts.models import ApplicationLetter, EmailConfirmation, SafetyLetter
from accounts.models.outbox import Outgoing
from accounts.services import applicant_secret, secret_of, token_of
from accounts.types import ApplicantLetter, LetterKind
from imas.kernel import clock
from imas.web.mail import Delivery, pause_after, send_letter

_SUBJECTS = {
    LetterKind.NEW_DEVICE: gettext_lazy("i.MAS: you signed in in a new browser"),
    LetterKind.FACTOR_CHANGED: gettext_lazy("i.MAS: the second factor was changed"),
    LetterKind.RECOVERY_CODE_USED: gettext_lazy("i.MAS: a recovery code was used"),
    LetterKind.PASSWORD_CHANGED: gettext_lazy("i.MAS: the password was changed"),
    LetterKind.RECOVERY: gettext_lazy("i.MAS: a new password"),
    LetterKind.EMAIL_CHANGED: gettext_lazy("i.MAS: your e-mail address was changed"),
    LetterKind.PHONE_CHANGED: gettext_lazy("i.MAS: your mobile number was changed"),
    LetterKind.WELCOME: gettext_lazy("i.MAS: you may sign in now"),
}
_TO_APPLICANTS = {
    ApplicantLetter.CONFIRM: gettext_lazy("i.MAS: confirm your application"),
    ApplicantLetter.DECLINED: gettext_lazy("i.MAS: your application is declined"),
}
_LINKS = {
    LetterKind.WELCOME: "accounts:first-password",
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
    _settle(confirmation, delivery, now)


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
    _settle(letter, delivery, now)


def send_applicant_letter(letter_id: UUID) -> None:
    """Send one waiting letter to an applicant, in his language. Safe to call again."""
    now = clock.now()
    if not ApplicationLetter.objects.claim(letter_id, now):
        return
    letter = ApplicationLetter.objects.select_related("application").get(pk=letter_id)
    kind, application = ApplicantLetter(letter.kind), letter.application
    with translation.override(application.language):
        told = {
            "application": application,
            "url": f"{settings.SITE_URL}{_applicant_address(letter)}",
            "until": letter.expires_at.astimezone(clock.VILNIUS),
        }
        body = render_to_string(f"accounts/letters/application-{kind}.txt", told)
        delivery = send_letter(application.email, str(_TO_APPLICANTS[kind]), body)
    _settle(letter, delivery, now)


def send_due_applicant_letters() -> None:
    """Send every letter to applicants whose turn has come."""
    for letter in ApplicationLetter.objects.due(clock.now()).values_list("pk", flat=True):
        send_applicant_letter(letter)


def send_due_safety_letters() -> None:
    """Send every letter about the safety of an account whose turn has come."""
    for letter in SafetyLetter.objects.due(clock.now()).values_list("pk", flat=True):
        send_safety_letter(letter)


def _settle(letter: Outgoing, delivery: Delivery, now: datetime) -> None:
    """Write down what came of it: a refused letter opens nothing, a late one is tried again."""
    if delivery == Delivery.SENT:
        letter.sent_at = clock.now()
    elif delivery == Delivery.REFUSED:
        letter.expires_at = now
    letter.claimed_at, letter.due_at = None, now + pause_after(letter.attempts)
    letter.save(update_fields=["sent_at", "expires_at", "claimed_at", "due_at"])


def _applicant_address(letter: ApplicationLetter) -> str:
    if letter.kind == ApplicantLetter.CONFIRM:
        return reverse("accounts:apply-confirm", args=[applicant_secret(letter)])
    return reverse("accounts:apply")


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
