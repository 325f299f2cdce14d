"""What Prometheus reads: requests by view, and figures that subsystems let it read."""

import ipaddress
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

REQUESTS = Counter("imas_requests_total", "Requests answered.", ["view", "method", "status"])
LATENCY = Histogram(
    "imas_request_seconds",
    "Time to the answer.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)


FIGURES = CollectorRegistry()

Reading = tuple[Sequence[str], float]


class Figure(Collector):
    """A gauge read from the database when Prometheus asks, the same whichever process answers."""

    def __init__(
        self, name: str, words: str, labels: Sequence[str], read: Callable[[], Iterable[Reading]]
    ) -> None:
        self.name = name
        self.words = words
        self.labels = labels
        self.read = read

    def describe(self) -> list[GaugeMetricFamily]:
        """Name the gauge without reading it."""
        return [GaugeMetricFamily(self.name, self.words, labels=self.labels)]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the gauge now."""
        (family,) = self.describe()
        for labels, value in self.read():
            family.add_metric(labels, value)
        yield family


def show(
    name: str, words: str, labels: Sequence[str], read: Callable[[], Iterable[Reading]]
) -> None:
    """Let a subsystem add a figure, in its AppConfig.ready; `read` gives label values and value."""
    FIGURES.register(Figure(name, words, labels, read))


class MetricsMiddleware:
    """Counts and times every request by the name of its view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Measure; an unknown address is counted as such, so that names stay few."""
        began = time.perf_counter()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else "unknown"
        LATENCY.labels(view).observe(time.perf_counter() - began)
        REQUESTS.labels(view, request.method or "", response.status_code).inc()
        return response


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures to this machine, or to whoever shows METRICS_TOKEN; others see nothing."""
    if not _may_read(request):
        raise Http404
    body = generate_latest(_requests()) + generate_latest(FIGURES)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _requests() -> CollectorRegistry:
    """The counts of all web processes together, where they share a directory."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "")
        return compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    if "X-Forwarded-For" in request.headers:
        return False
    address = request.META.get("REMOTE_ADDR", "")
    return bool(address) and ipaddress.ip_address(address).is_loopback
