"""The number beside the mailbox in the frame."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mailbox import selectors


def unread(request: HttpRequest) -> dict[str, Any]:
    """Give how many messages nobody has opened; counted only where it is shown."""
    acting = getattr(request, "acting", None)
    if acting is None:
        return {"unread_messages": 0}
    return {"unread_messages": SimpleLazyObject(lambda: selectors.count_unread(acting))}
