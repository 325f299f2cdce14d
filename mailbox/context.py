"""What every page says of the mailbox: unread messages, and an address that takes no letters."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from accounts.models import User
from mailbox import selectors


def unread(request: HttpRequest) -> dict[str, Any]:
    """Give how many messages nobody has opened; counted only where it is shown."""
    acting = getattr(request, "acting", None)
    if acting is None:
        return {"unread_messages": 0}
    return {"unread_messages": cache(lambda: selectors.count_unread(acting))}


def unreachable(request: HttpRequest) -> dict[str, Any]:
    """Give the address a person must confirm again because letters came back, or ""."""
    user = getattr(request, "user", None)
    return {
        "unreachable_address": selectors.unreachable_address_of(user)
        if isinstance(user, User)
        else ""
    }
