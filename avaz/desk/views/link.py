"""The main system's door: signed requests only (avaz/link.py); anybody else learns nothing."""

import json
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from avaz import link
from avaz.desk.services import linking
from imas.kernel import clock
from imas.kernel.errors import NotFoundError, UnprocessableError

View = Callable[[HttpRequest], HttpResponse]


def signed(view: View) -> View:
    """Let nobody in but whoever has the shared secret; others get the answer of an unknown page."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        is_genuine = link.is_genuine(
            settings.AVAZ_LINK_SECRET,
            now=int(clock.now().timestamp()),
            method=str(request.method),
            path=request.get_full_path(),
            body=request.body,
            time=request.headers.get(link.TIME, ""),
            signature=request.headers.get(link.SIGNATURE, ""),
        )
        if not is_genuine:
            raise NotFoundError
        return view(request)

    return guarded


@csrf_exempt  # no cookie opens it: the request itself is signed
@require_POST
@signed
def accesses(request: HttpRequest) -> HttpResponse:
    """Take accesses that have changed."""
    try:
        told = json.loads(request.body)
    except ValueError as error:
        raise UnprocessableError("avaz-told") from error
    if not isinstance(told, dict):
        raise UnprocessableError("avaz-told")
    return JsonResponse({"changed": linking.take_accesses(told)})


@require_GET
@signed
def registrations(request: HttpRequest) -> HttpResponse:
    """Tell what was announced after a cursor."""
    cursor = request.GET.get("after", "0")
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise UnprocessableError("avaz-told")
    return JsonResponse(linking.told_after(int(cursor)))
