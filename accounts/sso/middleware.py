"""Whatever ends a session in a request, ends it for every system that shares it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts import tasks
from accounts.models import User
from accounts.services import sharing


class SharedSessionMiddleware:
    """Compares the session before and after: gone, or another one, means ended.

    It stands before the person is recognised, since recognising may throw a session out. A session
    nobody shares costs nothing here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request through and look what became of the session."""
        before, key = request.session.get(sharing.SID), request.session.session_key
        response = self.get_response(request)
        after = request.session.get(sharing.SID)
        if before and before != after:
            tasks.tell_of(sharing.end_shared(before))
        elif after:
            sharing.keep_alive(request.session, moved=key != request.session.session_key)
        elif sharing.SOURCE in request.session and isinstance(request.user, User):
            sharing.share(request.session, request.user)
        return response
