"""Addresses confirmed by the link that was sent to them."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.journal import journal
from accounts.models import EmailConfirmation, User
from accounts.services.letters import use_link, write_letter
from accounts.services.sessions import end_sessions
from accounts.types import LetterKind
from imas.kernel import clock
from imas.kernel.errors import ThrottledError

LETTERS_PER_HOUR = 5


_LETTER_WINDOW = timedelta(hours=1)


@transaction.atomic
def request_email_confirmation(user: User, email: str) -> EmailConfirmation:
    """Put a letter with a link to this address in the outbox; earlier links open nothing now.

    More than `LETTERS_PER_HOUR` letters: `ThrottledError`.
    """
    now = clock.now()
    User.objects.select_for_update().get(pk=user.pk)
    recent = user.confirmations.filter(created_at__gt=now - _LETTER_WINDOW)
    if recent.count() >= LETTERS_PER_HOUR:
        raise ThrottledError("too-many-letters", retry_after=str(_LETTER_WINDOW.seconds))
    user.confirmations.waiting(now).update(expires_at=now)
    confirmation = EmailConfirmation(user=user, email=email, created_at=now, due_at=now)
    confirmation.expires_at = now + timedelta(hours=settings.EMAIL_LINK_HOURS)
    confirmation.token_hash = _hash(token_of(confirmation))
    confirmation.save(force_insert=True)
    return confirmation


def token_of(confirmation: EmailConfirmation) -> str:
    """Return the secret of the link: computed anew for the letter, never kept."""
    what = f"{confirmation.pk}:{confirmation.user_id}:{confirmation.email}"
    return salted_hmac("accounts.email-confirmation", what, algorithm="sha256").hexdigest()


@transaction.atomic
def confirm_email(token: str) -> User | None:
    """Confirm the address the link was sent to; a used, expired or unknown link gives None.

    Of two uses at once exactly one succeeds.
    """
    now = clock.now()
    named = EmailConfirmation.objects.filter(token_hash=_hash(token))
    if named.waiting(now).update(used_at=now) != 1:
        return None
    confirmation = named.select_related("user").get()
    user = confirmation.user
    former = user.email if user.email_confirmed_at else ""
    user.email, user.email_confirmed_at = confirmation.email, now
    user.save(update_fields=["email", "email_confirmed_at"])
    journal(user, "accounts.email-confirmed")
    if former and former != user.email:
        lasts = timedelta(days=settings.EMAIL_UNDO_DAYS)
        write_letter(user, LetterKind.EMAIL_CHANGED, to=former, lasts=lasts)
    return user


@transaction.atomic
def undo_new_email(token: str) -> User | None:
    """Give the former address back by the link that was sent there; every session ends.

    A used, expired or unknown link gives None.
    """
    letter = use_link(token, LetterKind.EMAIL_CHANGED)
    if letter is None:
        return None
    now, user = clock.now(), letter.user
    user.confirmations.waiting(now).update(expires_at=now)
    user.email, user.email_confirmed_at = letter.email, now
    user.save(update_fields=["email", "email_confirmed_at"])
    end_sessions(user)
    journal(user, "accounts.email-undone")
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
