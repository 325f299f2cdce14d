"""Who is at the desk: read anew for every request, so that what was closed opens nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from avaz.desk.models import Access
from avaz.desk.services.entering import entered

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Access, P], HttpResponse]
_WHO = "access"


def remember(request: HttpRequest, access: Access) -> None:
    """Let the session be this access's, under a new key."""
    request.session.cycle_key()
    request.session[_WHO] = [str(access.pk), access.version]


def with_access(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give a page the access of the session; whoever has none is led to the sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        who = request.session.get(_WHO)
        access = entered(*who) if who else None
        if access is None:
            request.session.flush()
            return redirect("avaz-desk:sign-in")
        return view(request, access, *args, **kwargs)

    return guarded


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from, past as many proxies as are ours."""
    told = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.AVAZ_PROXIES
    if proxies and len(told) >= proxies:
        return told[-proxies].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
