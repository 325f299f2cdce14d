"""Weighty acts ask for what was proved a short while ago (step-up), then are gone on with.

What was asked for is remembered in the session: a page by its address, an act with the fields that
were posted, encrypted, so that nothing typed is lost.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.encryption import decrypt, encrypt
from accounts.models import User
from accounts.selectors import has_second_factor
from accounts.sessions import began_at
from imas.kernel import clock
from imas.web.views import lead_away

_FACTOR, _IDENTITY, _WANTED = "second_factor_at", "identity_at", "step_up"
_KEPT_CHARACTERS = 32_768
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def confirm(session: SessionBase) -> None:
    """Note that the second factor has just been proved in this session."""
    session[_FACTOR] = session[_IDENTITY] = int(clock.now().timestamp())


def confirm_identity(session: SessionBase) -> None:
    """Note that the first factor has just been proved again in this session."""
    session[_IDENTITY] = int(clock.now().timestamp())


def is_fresh(session: SessionBase) -> bool:
    """Tell whether the second factor was proved within `settings.STEP_UP_SECONDS`."""
    return _is_within(session.get(_FACTOR, 0))


def identity_is_fresh(session: SessionBase) -> bool:
    """Tell whether the person signed in or proved a factor within `settings.STEP_UP_SECONDS`."""
    return _is_within(max(session.get(_IDENTITY, 0), began_at(session)))


def demand_second_factor(request: HttpRequest) -> HttpResponse | None:
    """Return None when the second factor is fresh, else the answer that leads to proving it.

    Who has no second factor yet is led to taking one on.
    """
    if is_fresh(request.session):
        return None
    has_one = has_second_factor(cast("User", request.user))
    return _lead(request, "accounts:second-factor" if has_one else "accounts:factor-choose")


def demand_identity(request: HttpRequest) -> HttpResponse | None:
    """Return None when it is surely the person still, else the answer that leads to proving it.

    Asks for the second factor of whoever has one, for the first of everybody else.
    """
    if answer := demand_second_factor_if_any(request):
        return answer
    return None if identity_is_fresh(request.session) else _lead(request, "accounts:identity")


def demand_second_factor_if_any(request: HttpRequest) -> HttpResponse | None:
    """Ask for a fresh second factor whoever has one, let everybody else through."""
    has_one = has_second_factor(cast("User", request.user))
    return demand_second_factor(request) if has_one else None


def second_factor_demanded(view: View[P]) -> View[P]:
    """Let a view be reached only with a fresh second factor; others prove it and come back.

    What was posted is not lost: after proving it the person sends it again with one button.
    """
    return _guarded(view, demand_second_factor)


def identity_demanded(view: View[P]) -> View[P]:
    """Let a view be reached only by whoever has just proved who he is, in the best way he has."""
    return _guarded(view, demand_identity)


def second_factor_demanded_if_any(view: View[P]) -> View[P]:
    """Ask for a fresh second factor whoever has one, let everybody else through."""
    return _guarded(view, demand_second_factor_if_any)


def want(session: SessionBase, address: str, fields: str = "") -> None:
    """Remember where to go on: a page, or an act with its posted fields as JSON."""
    session[_WANTED] = {
        "address": address,
        "fields": encrypt(fields) if fields else "",
        "at": int(clock.now().timestamp()),
    }


def is_wanted(session: SessionBase) -> bool:
    """Tell whether there is something to go on with."""
    return _wanted(session) is not None


def go_on(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Lead back to what was asked for before; `otherwise` names the page when nothing was."""
    wanted = _wanted(request.session)
    if wanted and wanted["fields"]:
        return redirect("accounts:send-again")
    request.session.pop(_WANTED, None)
    return redirect(wanted["address"] if wanted else otherwise)


def take_act(session: SessionBase) -> tuple[str, list[tuple[str, str]]] | None:
    """Return the address and the fields of the act that waits, once."""
    wanted = _wanted(session)
    session.pop(_WANTED, None)
    if not wanted or not wanted["fields"]:
        return None
    fields = json.loads(decrypt(wanted["fields"]))
    return wanted["address"], [(name, value) for name, value in fields]


def _guarded(view: View[P], demand: Callable[[HttpRequest], HttpResponse | None]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return demand(request) or view(request, *args, **kwargs)

    return guarded


def _lead(request: HttpRequest, to: str) -> HttpResponse:
    fields = json.dumps(_posted(request)) if request.method == "POST" else ""
    request.session.pop(_WANTED, None)
    if len(fields) <= _KEPT_CHARACTERS:
        want(request.session, request.get_full_path(), fields)
    return lead_away(request, redirect(to))


def _posted(request: HttpRequest) -> list[tuple[str, object]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]


def _wanted(session: SessionBase) -> dict[str, Any] | None:
    """What was asked for, unless that is long ago."""
    wanted: dict[str, Any] | None = session.get(_WANTED)
    return wanted if wanted and _is_within(wanted["at"]) else None


def _is_within(then: int) -> bool:
    return bool(0 <= clock.now().timestamp() - then < settings.STEP_UP_SECONDS)
