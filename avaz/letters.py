"""The outbox of letters with codes: each waiting row is one letter to send."""

from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from avaz.models import CodeLetter
from imas.kernel import clock
from imas.web.mail import Delivery, pause_after, send_letter


def send_codes() -> None:
    """Send every letter whose turn has come."""
    for letter_id in CodeLetter.objects.due(clock.now()).values_list("pk", flat=True):
        send_code(letter_id)


def send_code(letter_id: UUID) -> None:
    """Send one letter, in the language of its addressee; once it has left, the code is forgotten.

    Safe to call any number of times.
    """
    now = clock.now()
    if not CodeLetter.objects.claim(letter_id, now):
        return
    letter = CodeLetter.objects.select_related("access__user", "access__taxpayer").get(pk=letter_id)
    access = letter.access
    told = {"letter": letter, "access": access, "url": settings.AVAZ_URL}
    with translation.override(access.language):
        subject = gettext("a.VAZ: your login code")
        body = render_to_string("avaz/letters/code.txt", told)
        delivery = send_letter(access.email, subject, body)
    if delivery == Delivery.SENT:
        letter.sent_at, letter.code = clock.now(), ""
    elif delivery == Delivery.REFUSED:
        letter.expires_at, letter.code = now, ""
    letter.claimed_at, letter.due_at = None, now + pause_after(letter.attempts)
    letter.save(update_fields=["sent_at", "expires_at", "code", "claimed_at", "due_at"])
