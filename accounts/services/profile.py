"""What people keep about themselves."""

from accounts.models import User
from imas.kernel import clock


def accept_rules(user: User, version: str) -> None:
    """Remember that the person has read and accepted this version of the rules (VA-119, 3 p.)."""
    user.rules_version = version
    user.rules_accepted_at = clock.now()
    user.save(update_fields=["rules_version", "rules_accepted_at"])


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
