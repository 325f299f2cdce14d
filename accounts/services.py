"""What people do about themselves: sign in, accept the rules, confirm an address, hold keys."""

import hashlib
from datetime import timedelta
from uuid import UUID

from axes.utils import reset
from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import ApiKey, EmailConfirmation, User
from accounts.sessions import begin
from accounts.throttling import normal_login_name
from imas.kernel import clock
from imas.kernel.errors import ThrottledError

LETTERS_PER_HOUR = 5
_LETTER_WINDOW = timedelta(hours=1)


def sign_in(request: HttpRequest, login_name: str, password: str) -> User | None:
    """Begin a session for the person with this name and password; None when they do not fit.

    The same work is done whether the name is known or not. The session gets a new key, so a key
    planted before is worth nothing.
    """
    name = normal_login_name(login_name)
    user = auth.authenticate(request, username=name, password=password)
    if not isinstance(user, User):
        return None
    auth.login(request, user)
    begin(request.session)
    reset(username=name)
    return user


def is_password_of(request: HttpRequest, user: User, password: str) -> bool:
    """Ask for the password again before a weighty step; misses count as failed sign-ins."""
    return auth.authenticate(request, username=user.login_name, password=password) == user


def accept_rules(user: User, version: str) -> None:
    """Remember that the person has read and accepted this version of the rules (VA-119, 3 p.)."""
    user.rules_version = version
    user.rules_accepted_at = clock.now()
    user.save(update_fields=["rules_version", "rules_accepted_at"])


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
    user.email, user.email_confirmed_at = confirmation.email, now
    user.save(update_fields=["email", "email_confirmed_at"])
    return user


def save_contact_data(user: User, *, phone: str, language: str) -> None:
    """Keep the mobile phone and the language of the person (VA-119, 5 p.)."""
    user.phone, user.language = phone, language
    user.save(update_fields=["phone", "language"])


def choose_language(user: User, language: str) -> None:
    """Keep the language the person reads and gets letters in."""
    user.language = language
    user.save(update_fields=["language"])


def change_password(user: User, password: str) -> None:
    """Keep a new password; every other session of the person ends by it."""
    user.set_password(password)
    user.save(update_fields=["password"])


def revoke_key(user: User, key_id: UUID) -> bool:
    """End a key of the person's own at once; False when there is none to end."""
    usable = ApiKey.objects.filter(pk=key_id, user=user, revoked_at__isnull=True)
    return usable.update(revoked_at=clock.now()) == 1


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
