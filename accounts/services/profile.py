"""What people keep about themselves."""

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.journal import journal
from accounts.models import RulesAcceptance, User
from accounts.services.letters import write_letter
from accounts.services.sessions import end_sessions
from accounts.types import LetterKind
from imas.kernel import clock


@transaction.atomic
def accept_rules(user: User, version: str) -> None:
    """Remember that the person has read and accepted this version of the rules (VA-119, 3 p.)."""
    user.rules_version = version
    user.rules_accepted_at = clock.now()
    user.save(update_fields=["rules_version", "rules_accepted_at"])
    RulesAcceptance.objects.create(user=user, version=version, at=user.rules_accepted_at)
    journal(user, "accounts.rules-accepted", version)


@transaction.atomic
def save_contact_data(user: User, *, language: str) -> None:
    """Keep the language of the person's pages and letters (VA-119, 5 p.)."""
    user.language = language
    user.save(update_fields=["language"])
    journal(user, "accounts.contact-data-saved")


def choose_language(user: User, language: str) -> None:
    """Keep the language the person reads and gets letters in."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def change_password(user: User, password: str, here: SessionBase | None = None) -> None:
    """Keep a new password; every session of the person but this one ends by it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user, but=here)
    journal(user, "accounts.password-changed")
    write_letter(user, LetterKind.PASSWORD_CHANGED)
