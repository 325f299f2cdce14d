"""Who of the tax authority is at work."""

from typing import Any

from accounts.models import User
from imas.kernel.errors import ForbiddenError


def require_officer(user: Any) -> User:
    """Return the signed-in officer; anybody else is refused with `ForbiddenError`."""
    if not isinstance(user, User) or not (user.is_staff and user.is_active):
        raise ForbiddenError("officers-only")
    return user
