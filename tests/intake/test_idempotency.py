"""The same request under the same key gets the same answer; another one does not."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from imas.kernel import clock
from imas.kernel.errors import ConflictError, UnprocessableError
from intake.idempotency import idempotent
from intake.models import IdempotencyRecord
from intake.uploads import DOCUMENT_PARSERS, document_of
from representation.types import Acting
from tests.make import make_acting

pytestmark = pytest.mark.django_db


class Counter(APIView):
    """Answers with how often it was asked."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    parser_classes = (JSONParser, *DOCUMENT_PARSERS)
    acting: Acting
    calls = 0
    answers: Callable[[Request], Response] | None = None

    @idempotent("isaf.upload")
    def post(self, request: Request) -> Response:
        Counter.calls += 1
        if Counter.answers:
            return Counter.answers(request)
        return Response(
            {"call": Counter.calls}, 202, headers={"Location": "/here", "Retry-After": "2"}
        )


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counter, "calls", 0)
    monkeypatch.setattr(Counter, "answers", None)


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch) -> Acting:
    acting = make_acting()
    monkeypatch.setattr(Counter, "acting", acting, raising=False)
    return acting


def send(request: HttpRequest) -> Response:
    response = Counter.as_view()(request)
    response.render()
    request.close()
    return response


def ask(key: str = "k", body: object = None, path: str = "/files") -> Response:
    headers = {"Idempotency-Key": key} if key else {}
    return send(APIRequestFactory().post(path, body or {"a": 1}, format="json", headers=headers))


def ask_with_file(content: bytes, key: str = "k") -> Response:
    file = SimpleUploadedFile("a.xml", content)
    request = APIRequestFactory().post(
        "/files", {"document": file}, format="multipart", headers={"Idempotency-Key": key}
    )
    return send(request)


@pytest.mark.usefixtures("acting")
def test_the_same_request_gets_the_first_answer_again() -> None:
    first, again = ask(), ask()
    assert Counter.calls == 1
    assert (again.status_code, again.data) == (first.status_code, first.data) == (202, {"call": 1})
    assert (again["Location"], again["Retry-After"]) == ("/here", "2")
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first


@pytest.mark.usefixtures("acting")
def test_without_a_key_every_request_is_its_own() -> None:
    ask(key="")
    ask(key="")
    assert Counter.calls == 2
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.usefixtures("acting")
def test_another_body_under_the_key_is_refused() -> None:
    ask()
    refused = ask(body={"a": 2})
    assert (refused.status_code, refused.data["code"]) == (422, "idempotency-key-reused")
    assert Counter.calls == 1


@pytest.mark.usefixtures("acting")
def test_another_query_under_the_key_is_refused() -> None:
    ask()
    assert ask(path="/files?dry_run=true").status_code == 422


@pytest.mark.usefixtures("acting")
def test_the_key_is_free_at_another_address() -> None:
    ask()
    ask(path="/registers")
    assert Counter.calls == 2


def test_the_key_is_free_for_another_taxpayer_and_another_sender(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    monkeypatch.setattr(Counter, "acting", make_acting())
    ask()
    assert Counter.calls == 2


def test_who_has_lost_the_right_is_not_told_the_answer(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    kept = IdempotencyRecord.objects.get()
    monkeypatch.setattr(Counter, "acting", make_acting("isaf.view", taxpayer=None))
    assert ask().status_code == 403
    assert IdempotencyRecord.objects.get() == kept


@pytest.mark.usefixtures("acting")
def test_a_file_sent_again_with_another_boundary_is_the_same_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_with_file(b"<a/>")
    monkeypatch.setattr("django.test.client.BOUNDARY", "OtherBoundary")
    monkeypatch.setattr("rest_framework.renderers.BOUNDARY", "OtherBoundary", raising=False)
    assert ask_with_file(b"<a/>").data == {"call": 1}
    assert ask_with_file(b"<b/>").status_code == 422


@pytest.mark.usefixtures("acting")
def test_the_file_is_read_from_its_beginning_after_it_was_hashed() -> None:
    read: list[bytes] = []

    def take(request: Request) -> Response:
        read.append(document_of(request).read())
        return Response({}, 202)

    Counter.answers = staticmethod(take)
    for kind in ("application/xml", "text/xml; charset=utf-8", "application/gzip"):
        request = APIRequestFactory().generic(
            "POST", "/files", "<a/>", kind, headers={"Idempotency-Key": kind}
        )
        assert send(request).status_code == 202
    ask_with_file(b"<a/>")
    assert read == [b"<a/>"] * 4


@pytest.mark.usefixtures("acting")
def test_a_refused_request_is_refused_the_same_way_again() -> None:
    def refuse(request: Request) -> Response:
        raise UnprocessableError("toy-refused")

    Counter.answers = staticmethod(refuse)
    first, again = ask(), ask()
    assert Counter.calls == 1
    assert first.status_code == again.status_code == 422
    assert first.content_type == again.content_type == "application/problem+json"
    assert json.loads(first.content) == json.loads(again.content)


@pytest.mark.usefixtures("acting")
def test_a_conflict_leaves_the_key_free() -> None:
    def refuse(request: Request) -> Response:
        raise ConflictError("toy-busy")

    Counter.answers = staticmethod(refuse)
    assert ask().status_code == 409
    Counter.answers = None
    assert ask().data == {"call": 2}


@pytest.mark.usefixtures("acting")
def test_an_error_of_the_house_leaves_the_key_free(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(request: Request) -> Response:
        raise RuntimeError("broken")

    Counter.answers = staticmethod(break_down)
    assert ask().status_code == 500
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.usefixtures("acting")
def test_a_request_that_runs_is_told_to_come_back() -> None:
    seen: list[Response] = []

    def ask_meanwhile(request: Request) -> Response:
        seen.append(ask())
        return Response({"call": 1}, 202)

    Counter.answers = staticmethod(ask_meanwhile)
    ask()
    (running,) = seen
    assert (running.status_code, running.data["code"]) == (409, "idempotency-running")
    assert running["Retry-After"] == "1"


@pytest.mark.usefixtures("acting")
def test_a_request_that_never_answered_is_forgotten_in_time() -> None:
    ask()
    long_ago = clock.now() - timedelta(hours=1)
    IdempotencyRecord.objects.update(status=None, body=None, started_at=long_ago)
    assert ask().data == {"call": 2}
    assert ask().data == {"call": 2}


@pytest.mark.usefixtures("acting")
def test_a_key_that_is_too_long_is_refused() -> None:
    refused = ask(key="k" * 256)
    assert (refused.status_code, refused.data["code"]) == (422, "idempotency-key-too-long")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("acting")
def test_of_two_equal_requests_at_once_one_acts() -> None:
    start = threading.Barrier(2)
    statuses: list[int] = []

    def work() -> None:
        start.wait()
        statuses.append(ask().status_code)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter.calls == 1
    assert sorted(statuses) in ([202, 202], [202, 409])
