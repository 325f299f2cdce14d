"""Sending the letters about mandates: each waiting row is one letter."""

from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from imas.kernel import clock
from imas.web.mail import Delivery, pause_after, send_letter
from representation.models import MAX_ATTEMPTS, Mandate, MandateLetter
from representation.services.letters import token_of
from representation.types import LetterKind, MandateState


def send_due_letters() -> None:
    """Send every letter whose turn has come. Two workers at once send each letter once."""
    for letter_id in MandateLetter.objects.due(clock.now()).values_list("pk", flat=True):
        send_mandate_letter(letter_id)


def send_mandate_letter(letter_id: UUID) -> None:
    """Send one letter, if it is due and still true; a passing fault is tried again later."""
    now = clock.now()
    if not MandateLetter.objects.claim(letter_id, now):
        return
    letters = MandateLetter.objects.select_related(
        "mandate__taxpayer", "mandate__firm", "mandate__via__firm"
    )
    letter = letters.get(pk=letter_id)
    delivery = _send(letter) if _is_true(letter) else Delivery.REFUSED
    is_hopeless = delivery == Delivery.LATER and letter.attempts >= MAX_ATTEMPTS
    if delivery == Delivery.SENT:
        letter.sent_at = clock.now()
    elif delivery == Delivery.REFUSED or is_hopeless:
        letter.dropped_at = now
    letter.claimed_at = None
    letter.due_at = now + pause_after(letter.attempts)
    letter.save(update_fields=["sent_at", "dropped_at", "claimed_at", "due_at"])


def _is_true(letter: MandateLetter) -> bool:
    if letter.kind == LetterKind.OFFER:
        bundle = Mandate.objects.of_bundle(letter.mandate)
        return bundle.filter(state=MandateState.OFFERED).exists()
    return letter.mandate.state == MandateState.ACTIVE and letter.mandate.until == letter.ends_on


def _clients(mandate: Mandate) -> int:
    """How many taxpayers a letter is about; whose they are stays out of the mail."""
    offered = Mandate.objects.of_bundle(mandate).filter(state=MandateState.OFFERED)
    return offered.count()


def _send(letter: MandateLetter) -> Delivery:
    with translation.override(letter.language):
        if letter.kind == LetterKind.OFFER:
            subject = gettext("i.MAS: confirm that you will represent a taxpayer")
            address = reverse("representation:offer", args=[token_of(letter)])
            template = "representation/letters/offer.txt"
        else:
            subject = gettext("i.MAS: a mandate is about to end")
            address = reverse("representation:home")
            template = "representation/letters/ending.txt"
        context = {
            "mandate": letter.mandate,
            "url": f"{settings.SITE_URL}{address}",
            "days": settings.MANDATE_ANSWER_DAYS,
            "clients": _clients(letter.mandate),
        }
        return send_letter(letter.email, subject, render_to_string(template, context))
