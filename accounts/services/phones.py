"""Mobile numbers, confirmed by a code that is sent to them (contact data for a.VAZ)."""

from datetime import timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.journal import journal
from accounts.models import PhoneConfirmation, User
from accounts.services.letters import write_letter
from accounts.types import LetterKind, PhoneAnswer
from imas.kernel import clock
from imas.kernel.errors import ThrottledError, UnavailableError, UnprocessableError
from imas.kernel.identifiers import normalise_phone
from imas.web import sms

CODE_LASTS = timedelta(minutes=10)
"""How long the gateway is tried, and after that how long the code may be typed."""
CODES_PER_HOUR = 3
CODES_PER_DAY = 8
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@transaction.atomic
def request_phone_code(user: User, typed: str) -> PhoneConfirmation:
    """Put a message with a code to this number in the outbox; earlier codes are worth nothing now.

    The number in force stays until the new one is confirmed. More than `CODES_PER_HOUR` or
    `CODES_PER_DAY`, counted for the person and for the number whoever asks: `ThrottledError`.
    """
    if not sms.is_open():
        raise UnavailableError("texts-not-sent")
    if not (phone := normalise_phone(typed)):
        raise UnprocessableError("phone-not-mobile")
    now = clock.now()
    User.objects.select_for_update().get(pk=user.pk)
    _refuse_too_many(user, phone)
    user.phone_confirmations.waiting(now).update(expires_at=now)
    confirmation = PhoneConfirmation(user=user, phone=phone, created_at=now, due_at=now)
    confirmation.expires_at = now + CODE_LASTS
    confirmation.save(force_insert=True)
    journal(user, "accounts.phone-code-asked")
    return confirmation


def phone_code(confirmation: PhoneConfirmation) -> str:
    """Return the six digits of a confirmation: computed anew for the message, never kept."""
    what = f"{confirmation.pk}:{confirmation.user_id}:{confirmation.phone}"
    secret = salted_hmac("accounts.phone-confirmation", what, algorithm="sha256").digest()
    return f"{int.from_bytes(secret[:16]) % 1_000_000:06}"


@transaction.atomic
def confirm_phone(user: User, typed: str) -> PhoneAnswer:
    """Confirm the number by its code; a code is guessed `TRIES` times and then worth nothing."""
    now = clock.now()
    held = user.phone_confirmations.waiting(now).select_for_update()
    confirmation = held.first()
    if confirmation is None:
        return PhoneAnswer.OVER
    if not constant_time_compare(phone_code(confirmation), "".join(typed.split())):
        confirmation.tries += 1
        confirmation.save(update_fields=["tries"])
        return PhoneAnswer.WRONG if held.exists() else PhoneAnswer.OVER
    confirmation.used_at = now
    confirmation.save(update_fields=["used_at"])
    _keep(user, confirmation.phone)
    journal(user, "accounts.phone-confirmed")
    return PhoneAnswer.CONFIRMED


@transaction.atomic
def remove_phone(user: User) -> None:
    """Forget the number; codes that are under way confirm nothing any more."""
    now = clock.now()
    user.phone_confirmations.waiting(now).update(expires_at=now)
    if not user.phone:
        return
    _keep(user, "")
    journal(user, "accounts.phone-removed")


def _keep(user: User, phone: str) -> None:
    """Change the number and tell of it by a letter: whoever did it may be somebody else."""
    user.phone, user.phone_confirmed_at = phone, clock.now() if phone else None
    user.save(update_fields=["phone", "phone_confirmed_at"])
    write_letter(user, LetterKind.PHONE_CHANGED, ending=phone[-2:])


def _refuse_too_many(user: User, phone: str) -> None:
    now = clock.now()
    for window, most in ((_HOUR, CODES_PER_HOUR), (_DAY, CODES_PER_DAY)):
        recent = PhoneConfirmation.objects.filter(created_at__gt=now - window)
        if max(recent.filter(user=user).count(), recent.filter(phone=phone).count()) >= most:
            raise ThrottledError("too-many-codes", retry_after=str(int(window.total_seconds())))
