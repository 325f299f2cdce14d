"""Letters about the safety of an account are put in the outbox; their links are used once."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import SafetyLetter, User
from accounts.types import LetterKind
from imas.kernel import clock

_NOTICE_LASTS = timedelta(days=2)


def write_letter(
    user: User,
    kind: LetterKind,
    *,
    to: str = "",
    lasts: timedelta = _NOTICE_LASTS,
    **params: str,
) -> SafetyLetter | None:
    """Put a letter in the outbox, in the transaction that gives the reason; None: no address.

    It goes to the confirmed address unless `to` names another; its link opens for `lasts`.
    """
    email = to or (user.email if user.email_confirmed_at else "")
    if not email:
        return None
    now = clock.now()
    letter = SafetyLetter(
        user=user, email=email, kind=kind, params=params, created_at=now, due_at=now
    )
    letter.expires_at = now + lasts
    letter.token_hash = _hash(secret_of(letter))
    letter.save(force_insert=True)
    return letter


def secret_of(letter: SafetyLetter) -> str:
    """Return the secret of the letter's link: computed anew for the letter, never kept."""
    what = f"{letter.pk}:{letter.user_id}:{letter.kind}:{letter.email}"
    return salted_hmac("accounts.safety-letter", what, algorithm="sha256").hexdigest()


def letter_of(token: str, kind: LetterKind) -> SafetyLetter | None:
    """Return the letter with this link while it still opens something."""
    still = SafetyLetter.objects.open(kind, clock.now()).filter(token_hash=_hash(token))
    return still.select_related("user").first()


@transaction.atomic
def use_link(token: str, kind: LetterKind) -> SafetyLetter | None:
    """Use the link up; None for one that is used, expired or unknown. Of two uses one succeeds."""
    now, named = clock.now(), SafetyLetter.objects.filter(token_hash=_hash(token))
    if named.open(kind, now).update(used_at=now) != 1:
        return None
    return named.select_related("user").get()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
