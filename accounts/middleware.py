"""Nobody reaches a function who has not signed in, accepted the rules and confirmed an address."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext

from accounts import devices, services, sessions
from accounts.models import User
from accounts.selectors import owes_second_factor
from imas.kernel import clock
from imas.web.exceptions import is_api
from imas.web.views import lead_away

ALWAYS_OPEN = frozenset({"accounts:sign-out"})
"""What a signed-in person may do before being ready."""
_RULES, _EMAIL, _FACTOR = "accounts:rules", "accounts:email", "accounts:factor-choose"
_PROVING = frozenset({"accounts:identity", "accounts:send-again"})
_ON_THE_WAY = {
    _EMAIL: _PROVING,
    _FACTOR: _PROVING | {"accounts:totp", "accounts:passkey-new", "accounts:go-on"},
}
"""What else may be reached on the way to what is due."""


class ReadyMiddleware:
    """Demands sign-in, then the rules, then a confirmed address (VA-119, 3 and 4 p.).

    Of officers, and of people from abroad who have a password, a second factor too.

    `settings.PUBLIC_VIEWS` names what anybody may see; web services ask the key instead. Sets
    `request.ready`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """End sessions that lasted too long and speak the person's language."""
        if isinstance(request.user, User):
            _limit_session(request)
        user = request.user
        request.ready = isinstance(user, User) and user.is_ready(clock.now())  # type: ignore[attr-defined]
        if isinstance(user, User):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        answer = self.get_response(request)
        devices.set_cookie(request, answer)
        return answer

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Send whoever is not ready to the one thing to do next."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in settings.PUBLIC_VIEWS or is_api(request):
            return None
        if not isinstance(request.user, User):
            services.note_ended_use(request)
            answer: HttpResponse = redirect_to_login(request.get_full_path())
            return lead_away(request, answer)
        due = _next_step(request.user)
        if due in {"", name} or name in ALWAYS_OPEN or name in _ON_THE_WAY.get(due, frozenset()):
            return None
        return lead_away(request, redirect(due))


def _limit_session(request: HttpRequest) -> None:
    session = request.session
    if sessions.is_over(session) or (sessions.touch(session) and not services.note_use(session)):
        auth.logout(request)
        messages.info(request, gettext("Your session has ended. Please sign in again."))


def _next_step(user: User) -> str:
    if not user.rules_are_accepted():
        return _RULES
    if not user.email_is_confirmed(clock.now()):
        return _EMAIL
    return _FACTOR if owes_second_factor(user) else ""
