"""Where one is signed in."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from accounts.devices import in_plain_words
from accounts.messages import means_words
from accounts.requests import PersonRequest
from imas.kernel import clock
from imas.kernel.errors import NotFoundError


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions that are open, this one marked."""
    user = cast("PersonRequest", request).user
    rows = [
        {
            "record": record,
            "device": in_plain_words(record.device),
            "means": means_words(record.means),
            "is_this": services.is_record_of(request.session, record),
        }
        for record in user.sessions.alive(clock.now())
    ]
    return render(request, "accounts/sessions.html", {"rows": rows})


@require_POST
def session_end(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """End one session; whoever sits there is signed out at once."""
    if not services.end_session(cast("PersonRequest", request).user, record_id):
        raise NotFoundError("session-not-found")
    messages.success(request, gettext("The session is ended."))
    return redirect("accounts:sessions")


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    ended = services.end_sessions(cast("PersonRequest", request).user, but=request.session)
    words = ngettext("%(ended)s session is ended.", "%(ended)s sessions are ended.", ended)
    messages.success(request, words % {"ended": ended})
    return redirect("accounts:sessions")
