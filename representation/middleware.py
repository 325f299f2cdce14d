"""For whom the person acts: read anew for every request."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

from accounts.models import User
from imas.kernel import clock
from imas.web.exceptions import is_api
from imas.web.lookups import Lookup
from representation import selectors
from representation.models import Taxpayer
from representation.requests import CHOSEN
from representation.services import acting_of, mark_of, note_use
from representation.types import Acting

_WITHOUT_TAXPAYER = frozenset(
    {
        "representation:choose",
        "representation:act-for",
        "representation:lookup",
        "representation:lookup-file",
        "representation:imports",
        "representation:import-new",
        "representation:import",
        "representation:import-apply",
        "representation:import-drop",
        "representation:ask",
        "representation:offer",
    }
)
_OWN_PAGES = "accounts"
_NOTED = "use_noted"
_BY_ID = Lookup(Taxpayer, "id")


class ActingMiddleware:
    """Sets `request.acting`: the mandate as it is now, or None.

    A revoked mandate is gone at the next request. Where only one taxpayer is possible it is
    chosen by itself; else pages that need one lead to the chooser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find the mandate of somebody who may use the portal."""
        is_ready = getattr(request, "ready", False) and not is_api(request)
        request.acting = acting = _acting(request) if is_ready else None  # type: ignore[attr-defined]
        if acting:
            _note_use(request, acting)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Lead to the chooser when the page needs a taxpayer."""
        match = request.resolver_match
        if match is None or is_api(request) or match.view_name in settings.PUBLIC_VIEWS:
            return None
        if match.app_name == _OWN_PAGES or match.view_name in _WITHOUT_TAXPAYER:
            return None
        if match.view_name in settings.PERSONAL_VIEWS:
            return None
        return None if getattr(request, "acting", None) else redirect("representation:choose")


def _acting(request: HttpRequest) -> Acting | None:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - ReadyMiddleware let nobody else be ready
    chosen = request.session.get(CHOSEN)
    if chosen is not None:
        acting = _still(user, chosen)
        if acting:
            return acting
        del request.session[CHOSEN]
        messages.warning(request, gettext("Your right to act for the taxpayer has ended."))
    return _the_only_one(request, user)


def _note_use(request: HttpRequest, acting: Acting) -> None:
    """Once a day for a session: the session remembers what it has told."""
    if request.session.get(_NOTED) != (mark := mark_of(acting)):
        note_use(acting)
        request.session[_NOTED] = mark


def _still(user: User, taxpayer_id: int) -> Acting | None:
    taxpayer = _BY_ID.find(taxpayer_id)
    return acting_of(user, taxpayer, clock.now()) if taxpayer else None


def _the_only_one(request: HttpRequest, user: User) -> Acting | None:
    possible = selectors.taxpayers_of(user, clock.today())[:2]
    if len(possible) != 1:
        return None
    request.session[CHOSEN] = possible[0].pk
    return acting_of(user, possible[0], clock.now())
