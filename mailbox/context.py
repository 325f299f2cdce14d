"""The number beside the mailbox in the frame."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from mailbox import selectors


def unread(request: HttpRequest) -> dict[str, Any]:
    """Give how many messages nobody has opened; counted only where it is shown."""
    acting = getattr(request, "acting", None)
    if acting is None:
        return {"unread_messages": 0}
    return {"unread_messages": cache(lambda: selectors.count_unread(acting))}
