"""Refusals become answers here and nowhere else (pages: `imas.web.middleware`)."""

import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions as drf
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from imas.kernel import errors
from imas.web import trace
from imas.web.messages import words_for

PROBLEM_JSON = "application/problem+json"

logger = logging.getLogger(__name__)

STATUS: dict[type[errors.DomainError], HTTPStatus] = {
    errors.UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    errors.ForbiddenError: HTTPStatus.FORBIDDEN,
    errors.NotFoundError: HTTPStatus.NOT_FOUND,
    errors.GoneError: HTTPStatus.GONE,
    errors.ConflictError: HTTPStatus.CONFLICT,
    errors.RefusedDocumentError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnprocessableError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ThrottledError: HTTPStatus.TOO_MANY_REQUESTS,
}

# Refusals of the framework: which code and status of ours they are.
_FOREIGN: tuple[tuple[type[Exception], str, HTTPStatus], ...] = (
    (Http404, "not-found", HTTPStatus.NOT_FOUND),
    (drf.NotFound, "not-found", HTTPStatus.NOT_FOUND),
    (PermissionDenied, "forbidden", HTTPStatus.FORBIDDEN),
    (drf.PermissionDenied, "forbidden", HTTPStatus.FORBIDDEN),
    (drf.NotAuthenticated, "unauthenticated", HTTPStatus.UNAUTHORIZED),
    (drf.AuthenticationFailed, "unauthenticated", HTTPStatus.UNAUTHORIZED),
    (drf.MethodNotAllowed, "method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED),
    (drf.NotAcceptable, "not-acceptable", HTTPStatus.NOT_ACCEPTABLE),
    (drf.UnsupportedMediaType, "unsupported-media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (drf.Throttled, "throttled", HTTPStatus.TOO_MANY_REQUESTS),
    (drf.ValidationError, "invalid-fields", HTTPStatus.BAD_REQUEST),
    (drf.ParseError, "bad-request", HTTPStatus.BAD_REQUEST),
    (RequestDataTooBig, "too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
)


@dataclass(frozen=True)
class Refusal:
    """A refusal on its way out: RFC 9457 fields, plus the fields that are wrong, if any."""

    status: HTTPStatus
    code: str
    shared_code: str
    params: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What happened, in the reader's language."""
        return words_for(self.code, self.shared_code, self.params)[0]

    @property
    def detail(self) -> str:
        """What to do about it, in the reader's language."""
        return words_for(self.code, self.shared_code, self.params)[1]

    def body(self) -> dict[str, Any]:
        """The members of application/problem+json."""
        body = {
            "type": f"urn:imas:problem:{self.code}",
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "code": self.code,
            "params": self.params,
            "request_id": trace.request_id(),
        }
        return {**body, "fields": self.fields} if self.fields else body


def refusal_of(error: Exception) -> Refusal | None:
    """The refusal an exception means; None when the house is broken."""
    if isinstance(error, errors.DomainError):
        return _domain(error)
    for kind, code, status in _FOREIGN:
        if isinstance(error, kind):
            fields = error.detail if isinstance(error, drf.ValidationError) else {}
            named = fields if isinstance(fields, dict) else {"": fields}
            return Refusal(status, code, code, fields=named, headers=_headers(error))
    return None


def _domain(error: errors.DomainError) -> Refusal:
    status = next(
        (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.BAD_REQUEST
    )
    headers = {}
    if status == HTTPStatus.TOO_MANY_REQUESTS and "retry_after" in error.params:
        headers["Retry-After"] = error.params["retry_after"]
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Refusal(status, error.code, error.default_code, dict(error.params), headers=headers)


def _headers(error: Exception) -> dict[str, str]:
    wait = getattr(error, "wait", None)
    if isinstance(error, drf.Throttled) and wait is not None:
        return {"Retry-After": str(int(wait) + 1)}
    if isinstance(error, drf.NotAuthenticated | drf.AuthenticationFailed):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def answer(error: Exception, context: dict[str, Any]) -> Response:
    """Answer a web service's failure: a refusal by its code, anything else as 500."""
    refusal = refusal_of(error)
    if refusal is None:
        logger.error("api.broken", exc_info=error)
        refusal = BROKEN
    headers = refusal.headers
    if isinstance(error, drf.MethodNotAllowed):
        headers = {**headers, "Allow": ", ".join(context["view"].allowed_methods)}
    # A view that gives files has no renderer of its own for a refusal.
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), PROBLEM_JSON
    return Response(
        refusal.body(), status=refusal.status, headers=headers, content_type=PROBLEM_JSON
    )


BROKEN = Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "broken", "broken")
NOT_FOUND = Refusal(HTTPStatus.NOT_FOUND, "not-found", "not-found")
BAD_REQUEST = Refusal(HTTPStatus.BAD_REQUEST, "bad-request", "bad-request")
FORBIDDEN = Refusal(HTTPStatus.FORBIDDEN, "forbidden", "forbidden")
CSRF = Refusal(HTTPStatus.FORBIDDEN, "csrf", "csrf")


def is_api(request: HttpRequest) -> bool:
    """Whether the caller is a program: everything below /api/ answers JSON."""
    return request.path.startswith("/api/")


def json_refusal(refusal: Refusal) -> JsonResponse:
    """A refusal outside of DRF's reach: unknown address, broken middleware."""
    return JsonResponse(
        refusal.body(), status=refusal.status, headers=refusal.headers, content_type=PROBLEM_JSON
    )
