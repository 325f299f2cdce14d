"""Weighty acts ask for a second factor that was proved a short while ago (step-up)."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from imas.kernel import clock
from imas.kernel.errors import ForbiddenError

_PROVED = "second_factor_at"
P = ParamSpec("P")


def confirm(session: SessionBase) -> None:
    """Note that the second factor has just been proved in this session."""
    session[_PROVED] = int(clock.now().timestamp())


def is_fresh(session: SessionBase) -> bool:
    """Tell whether the second factor was proved within `settings.STEP_UP_SECONDS`."""
    age = clock.now().timestamp() - session.get(_PROVED, 0)
    return bool(0 <= age < settings.STEP_UP_SECONDS)


def demand_second_factor(request: HttpRequest) -> HttpResponse | None:
    """Return None when the second factor is fresh, else the answer that leads to proving it."""
    if is_fresh(request.session):
        return None
    raise ForbiddenError("second-factor-demanded")


def second_factor_demanded(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let a view be reached only with a fresh second factor; others prove it and come back.

    What was posted is not lost: after proving it the person sends it again with one button.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return demand_second_factor(request) or view(request, *args, **kwargs)

    return guarded
