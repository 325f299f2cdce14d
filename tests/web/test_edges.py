"""What every answer carries, whoever asks and whatever goes wrong."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from pytest_django.fixtures import Settings

from imas.kernel.errors import ConflictError, ThrottledError
from imas.web import trace
from imas.web.exceptions import PROBLEM_JSON
from imas.web.logging import JsonFormatter, TraceFilter

pytestmark = pytest.mark.django_db


def _break(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret of the house")


def _conflict(_request: HttpRequest) -> HttpResponse:
    raise ConflictError


def _throttle(_request: HttpRequest) -> HttpResponse:
    raise ThrottledError(retry_after="7")


handler404 = "imas.web.views.not_found"
handler500 = "imas.web.views.server_error"
urlpatterns = [
    path("api/broken", _break, name="api-broken"),
    path("broken", _break, name="healthz"),
    path("conflict", _conflict, name="readyz"),
    path("throttled", _throttle, name="metrics"),
    path("", include("imas.urls")),
]


@pytest.fixture
def rude() -> Client:
    """A browser that shows 500 as the server answers it."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ["/healthz", "/sign-in/", "/nowhere", "/api/v1/nowhere", "/"])
def test_security_headers_are_on_every_answer(client: Client, address: str) -> None:
    headers = client.get(address, follow=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Request-ID"]


@pytest.mark.parametrize("language", ["lt", "en"])
def test_an_unknown_address_of_the_api_is_a_problem_in_json(client: Client, language: str) -> None:
    answer = client.get("/api/v1/nowhere", headers={"Accept-Language": language})
    body = answer.json()
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == PROBLEM_JSON
    assert body["code"] == "not-found"
    assert body["status"] == 404
    assert body["request_id"] == answer.headers["X-Request-ID"]
    assert set(body) == {"type", "title", "status", "detail", "code", "params", "request_id"}


def test_an_unknown_page_is_a_page(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert b"<h1" in answer.content


@override_settings(ROOT_URLCONF=__name__)
def test_a_broken_house_answers_without_telling_its_secrets(rude: Client) -> None:
    page, api = rude.get("/broken"), rude.get("/api/broken")
    assert (page.status_code, api.status_code) == (500, 500)
    assert b"<h1" in page.content
    assert api.json()["code"] == "broken"
    assert b"secret" not in page.content + api.content


@override_settings(ROOT_URLCONF=__name__)
def test_a_refusal_becomes_a_page_with_its_status(client: Client) -> None:
    assert client.get("/conflict").status_code == 409
    throttled = client.get("/throttled")
    assert (throttled.status_code, throttled.headers["Retry-After"]) == (429, "7")


def test_a_wrong_method_says_which_are_right(client: Client) -> None:
    answer = client.delete("/api/v1/schema")
    assert answer.status_code == 405
    assert answer.json()["code"] == "method-not-allowed"
    assert "GET" in answer.headers["Allow"]


def test_a_well_formed_request_id_is_kept_and_another_replaced(client: Client) -> None:
    kept = client.get("/healthz", headers={"X-Request-ID": "trace-0001.a_B"})
    made = client.get("/healthz", headers={"X-Request-ID": "a b\n"})
    assert kept.headers["X-Request-ID"] == "trace-0001.a_B"
    assert len(made.headers["X-Request-ID"]) == 32


def test_ready_means_database_migrations_and_redis(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.json()["checks"] == {"database": True, "migrations": True, "redis": True}


def test_not_ready_without_redis(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imas.web.health._redis", lambda: False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["redis"]) == (503, False)


def test_metrics_are_for_this_machine_only(client: Client) -> None:
    client.get("/healthz")
    here = client.get("/metrics")
    assert b'imas_requests_total{method="GET",status="200",view="healthz"}' in here.content
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_metrics_open_to_their_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "open"
    away: Callable[..., Any] = lambda **more: client.get(  # noqa: E731
        "/metrics", REMOTE_ADDR="192.0.2.7", **more
    )
    assert away().status_code == 404
    assert away(headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert away(headers={"Authorization": "Bearer open"}).status_code == 200


def test_a_log_line_is_json_with_ids_and_without_the_request() -> None:
    trace.begin("request-0001")
    trace.note(user_id=7)
    record = logging.makeLogRecord({"msg": "said", "levelname": "INFO", "name": "house"})
    record.request = "GET /?personal_code=38001010014"
    TraceFilter().filter(record)
    line = json.loads(JsonFormatter().format(record))
    trace.end()
    assert (line["message"], line["request_id"], line["user_id"]) == ("said", "request-0001", 7)
    assert "request" not in line
    assert line["at"].endswith("+00:00")
