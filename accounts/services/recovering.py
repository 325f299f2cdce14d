"""A forgotten password: a link to the confirmed address, and a new password by it."""

from datetime import timedelta

from axes.utils import reset
from django.conf import settings
from django.db import transaction

from accounts.journal import journal
from accounts.models import SafetyLetter, User
from accounts.services.letters import letter_of, use_link, write_letter
from accounts.services.sessions import end_sessions
from accounts.throttling import normal_login_name
from accounts.types import LetterKind
from imas.kernel import clock

LETTERS_PER_HOUR = 3


@transaction.atomic
def request_recovery(login_name: str) -> None:
    """Send a link to whoever has this name, a password and a confirmed address; else do nothing.

    The caller learns nothing either way. Earlier links open nothing now; more than
    `LETTERS_PER_HOUR` letters are not sent.
    """
    name, now = normal_login_name(login_name), clock.now()
    user = User.objects.select_for_update().filter(login_name=name, is_active=True).first()
    if user is None or not user.has_usable_password() or user.email_confirmed_at is None:
        return
    asked = SafetyLetter.objects.filter(user=user, kind=LetterKind.RECOVERY)
    if asked.filter(created_at__gt=now - timedelta(hours=1)).count() >= LETTERS_PER_HOUR:
        return
    asked.open(LetterKind.RECOVERY, now).update(expires_at=now)
    lasts = timedelta(minutes=settings.RECOVERY_LINK_MINUTES)
    write_letter(user, LetterKind.RECOVERY, lasts=lasts)
    journal(user, "accounts.recovery-asked")


def recovering_user(token: str) -> User | None:
    """Return whose link this is, while it still opens something."""
    letter = letter_of(token, LetterKind.RECOVERY)
    return letter.user if letter else None


@transaction.atomic
def recover(token: str, password: str) -> bool:
    """Set a new password by the link; every session ends, the second factor stays.

    False: the link has been used, has expired or is unknown.
    """
    letter = use_link(token, LetterKind.RECOVERY)
    if letter is None or not letter.user.is_active:
        return False
    user = letter.user
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user)
    reset(username=user.login_name)
    journal(user, "accounts.password-recovered")
    write_letter(user, LetterKind.PASSWORD_CHANGED)
    return True
