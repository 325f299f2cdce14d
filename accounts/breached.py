"""Passwords that have leaked somewhere are refused, when the operator keeps a list of them."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

_DIGITS = 40


class BreachedPasswordValidator:
    """Refuses what stands in the file `settings.BREACHED_PASSWORDS`; without a file nothing.

    The file holds SHA-1 digests in capital letters, one at the beginning of each line, sorted.
    """

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise `ValidationError` for a leaked password."""
        path = settings.BREACHED_PASSWORDS
        if path and is_listed(Path(path), password):
            raise ValidationError(
                gettext("This password has leaked somewhere and is in the hands of thieves."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        """Say what is asked."""
        return gettext("The password must not be one that has leaked.")


def is_listed(path: Path, password: str) -> bool:
    """Find the password in the list by halving it: some thirty reads, whatever its size."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    low, high = 0, path.stat().st_size
    with path.open("rb") as listed:
        while low < high:
            middle = (low + high) // 2
            listed.seek(middle)
            if middle:
                listed.readline()
            found = listed.readline()[:_DIGITS]
            if found == wanted:
                return True
            if found and found < wanted:
                low = middle + 1
            else:
                high = middle
    return False
