"""Idempotency-Key: the same request sent again gets the first answer, for ever.

A key belongs to its sender, taxpayer and address. The fingerprint covers the query and the parsed
body, so a multipart body sent again with another boundary is the same request.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, Protocol, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from imas.kernel import clock
from imas.kernel.errors import ConflictError, DomainError, UnprocessableError
from intake.models import IdempotencyRecord
from intake.once import scope_of
from representation.types import Acting

LONGEST_KEY = 255
RETRY_AFTER = "1"

_KEPT_HEADERS = ("Location", "Retry-After")
_MAY_CHANGE = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Answers that the same request need not get tomorrow; the key stays free after them."""

# Written once: Django would put them together anew at each request.
_INSERT = """
    INSERT INTO intake_idempotencyrecord (scope, key, fingerprint, started_at, headers)
    VALUES (%s, %s, %s, %s, '{}') ON CONFLICT (scope, key) DO NOTHING RETURNING id
"""
_ANSWER = """
    UPDATE intake_idempotencyrecord SET status = %s, body = %s, headers = %s
     WHERE id = %s AND status IS NULL AND started_at = %s
"""

P = ParamSpec("P")


class View(Protocol):
    """What the decorator needs of an API view."""

    @property
    def acting(self) -> Acting:
        """Who asks, for which taxpayer."""
        ...

    def handle_exception(self, exc: Exception) -> Response:
        """Turn a refusal into an answer."""
        ...


Handler = Callable[Concatenate[Any, Request, P], Response]


def idempotent(right: str) -> Callable[[Handler[P]], Handler[P]]:
    """Make a method of a TaxpayerAPIView answer a repeated Idempotency-Key as the first time.

    `right` is asked for before a kept answer is given: who has lost it learns nothing. Another
    request under the key is 422, one whose first is still running 409 with Retry-After. A first
    one that never answered is forgotten after INTAKE_ANSWER_SECONDS.
    """

    def decorate(handler: Handler[P]) -> Handler[P]:
        @wraps(handler)
        def answer(view: Any, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
            key = request.headers.get("Idempotency-Key", "")
            if not key:
                return handler(view, request, *args, **kwargs)
            view.acting.require(right)
            try:
                scope = scope_of(view.acting, request.method or "", request.path)
                record = _begin(scope, key, fingerprint(request))
            except ConflictError as running:
                return _come_back(view, running)
            if record.status is not None:
                return _again(record)
            return _first_time(view, record, lambda: handler(view, request, *args, **kwargs))

        return cast("Handler[P]", answer)

    return decorate


def fingerprint(request: Request) -> str:
    """Return a digest of what a request asks for; files are hashed as streams."""
    digest = hashlib.sha256()
    for part in _parts(request):
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _parts(request: Request) -> Iterator[bytes]:
    query = sorted((name, *values) for name, values in request.query_params.lists())
    yield json.dumps(query).encode()
    if not isinstance(request.data, Mapping):
        yield json.dumps(request.data, sort_keys=True, default=str).encode()
        return
    for name in sorted(request.data):
        values = request.data.getlist(name) if hasattr(request.data, "getlist") else None
        for value in values if values is not None else [request.data[name]]:
            yield name.encode()
            yield _value(value)


def _value(value: object) -> bytes:
    if not isinstance(value, UploadedFile):
        return json.dumps(value, sort_keys=True, default=str).encode()
    digest = hashlib.sha256((value.name or "").encode() + b"\0")
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.digest()


def _begin(scope: str, key: str, asked: str) -> IdempotencyRecord:
    """Return the record of this request, answered or newly ours to answer."""
    if len(key) > LONGEST_KEY:
        raise UnprocessableError("idempotency-key-too-long", limit=str(LONGEST_KEY))
    fresh = IdempotencyRecord(scope=scope, key=key, fingerprint=asked, started_at=clock.now())
    if _insert(fresh):
        return fresh
    record = IdempotencyRecord.objects.filter(scope=scope, key=key).first()
    if record is None:  # that of another, who was refused this very moment: the key is free again
        raise ConflictError("idempotency-running", retry_after=RETRY_AFTER)
    if record.fingerprint != asked:
        raise UnprocessableError("idempotency-key-reused")
    if record.status is None and not _take_over(record):
        raise ConflictError("idempotency-running", retry_after=RETRY_AFTER)
    return record


def _insert(record: IdempotencyRecord) -> bool:
    """Write a new record and set its key; of two at once exactly one gets True. One statement."""
    told: list[Any] = [record.scope, record.key, record.fingerprint, record.started_at]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, told)
        row = cursor.fetchone()
    if row is None:
        return False
    record.pk = row[0]
    return True


def _take_over(record: IdempotencyRecord) -> bool:
    """Take a request whose first sender never got its answer; of two exactly one may."""
    now = clock.now()
    lost = _running(record).filter(
        started_at__lt=now - timedelta(seconds=settings.INTAKE_ANSWER_SECONDS)
    )
    if not lost.update(started_at=now):
        return False
    record.started_at = now
    return True


def _running(record: IdempotencyRecord) -> Any:
    return IdempotencyRecord.objects.filter(pk=record.pk, status=None, started_at=record.started_at)


def _first_time(view: View, record: IdempotencyRecord, handle: Callable[[], Response]) -> Response:
    with ExitStack() as undo:
        undo.callback(lambda: _running(record).delete())
        try:
            response = handle()
        except (DomainError, APIException) as refusal:
            response = view.handle_exception(refusal)
        if response.status_code < 500 and response.status_code not in _MAY_CHANGE:
            _remember(record, response)
            undo.pop_all()
    return response


def _remember(record: IdempotencyRecord, response: Response) -> None:
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    if response.content_type:
        headers["Content-Type"] = response.content_type
    body = (JSONRenderer().render(response.data) or b"null").decode()
    told: list[Any] = [response.status_code, body, json.dumps(headers)]
    with connection.cursor() as cursor:
        cursor.execute(_ANSWER, [*told, record.pk, record.started_at])


def _again(record: IdempotencyRecord) -> Response:
    headers = {**record.headers, "Idempotent-Replayed": "true"}
    content_type = headers.pop("Content-Type", None)
    return Response(record.body, record.status, headers=headers, content_type=content_type)


def _come_back(view: View, running: ConflictError) -> Response:
    response = view.handle_exception(running)
    response["Retry-After"] = RETRY_AFTER
    return response
