"""Pages and answers for what went wrong."""

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.views.decorators.http import require_safe

from imas.web import trace
from imas.web.exceptions import (
    BAD_REQUEST,
    BROKEN,
    CSRF,
    FORBIDDEN,
    NOT_FOUND,
    Refusal,
    is_api,
    json_refusal,
)

logger = logging.getLogger(__name__)


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal the way the caller reads: JSON below /api/, else a page."""
    if is_api(request):
        return json_refusal(refusal)
    status = int(refusal.status)
    try:
        template = get_template(f"errors/{status}.html")
    except TemplateDoesNotExist:
        template = get_template("errors/refusal.html")
    # A broken house must not ask the database for the frame of the page that says so.
    frame = request if status < HTTPStatus.INTERNAL_SERVER_ERROR else None
    context = {"refusal": refusal, "status": status, "request_id": trace.request_id()}
    body = template.render(context, frame)
    return HttpResponse(body, status=status, headers=refusal.headers)


def lead_away(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Let a piece of a page (htmx) lead the whole page to where the answer leads."""
    if request.headers.get("HX-Request") != "true":
        return answer
    away = HttpResponse(status=204)
    away["HX-Redirect"] = answer.headers["Location"]
    return away


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer a request that cannot be understood."""
    return refuse(request, BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer a request without the right."""
    return refuse(request, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer an address nobody knows."""
    return refuse(request, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when the house is broken."""
    return refuse(request, BROKEN)


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the REST interface to people who write programs."""
    return render(request, "api/docs.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token; the reason is for the log only."""
    logger.warning("csrf.refused", extra={"reason": reason})
    return refuse(request, CSRF)
