"""What the switcher of taxpayers needs on every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from imas.kernel import clock
from representation import selectors


def taxpayers(request: HttpRequest) -> dict[str, Any]:
    """Give the taxpayers chosen last; nothing is read unless a page shows them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not getattr(request, "ready", False):
        return {"taxpayer_choices": []}
    recent = selectors.choices_of(user, clock.today())[: selectors.RECENT]
    return {"taxpayer_choices": SimpleLazyObject(lambda: list(recent))}
