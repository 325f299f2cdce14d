"""What happened, in order, for programs that ask: an answer at once or as soon as there is one."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imas.kernel.errors import ThrottledError
from imas.web.paging import number_after
from mailbox.selectors import EventPage, has_events_after
from mailbox.services import read_events
from representation.api import HEADER, TaxpayerAPIView, acting_for

LATEST = "latest"
_LOOK_SECONDS = 0.5
_COME_BACK = 5
# Those who wait hold a thread of this process; others must find one free.
_waiting = threading.BoundedSemaphore(settings.EVENTS_WAITING)


class EventOut(serializers.Serializer[dict[str, Any]]):
    """One thing that happened; `data` says to which taxpayer and subject, never its content."""

    type = serializers.CharField()
    timestamp = serializers.DateTimeField()
    number = serializers.IntegerField(help_text="Grows from event to event of one taxpayer.")
    data = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


class EventsOut(serializers.Serializer[EventPage]):
    """Events in order; `next` is the `after` of the next call, also when there are none."""

    items = EventOut(many=True)
    next = serializers.CharField()


class EventsView(TaxpayerAPIView):
    """What happened to the taxpayer's documents, registers and messages."""

    @extend_schema(
        operation_id="events",
        parameters=[
            OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, required=True),
            OpenApiParameter(
                "after", str, description='`next` of the call before; "latest" begins from now.'
            ),
            OpenApiParameter(
                "wait", int, description="Seconds to wait for an event when there is none yet."
            ),
        ],
        responses=EventsOut,
    )
    def get(self, request: Request) -> Response:
        """Give the events the key may see after a cursor: in order, without gaps, each once."""
        after = request.query_params.get("after", "0")
        page = read_events(self.acting, None if after == LATEST else number_after(after))
        wait = min(
            number_after(request.query_params.get("wait", "0")), settings.EVENTS_WAIT_SECONDS
        )
        if page.items or not wait or after == LATEST:
            return Response(EventsOut(page).data)
        with self._turn(request) as may_wait:
            if may_wait:
                _wait(self.acting.taxpayer_id, int(page.next), wait)
        # Rights may have ended meanwhile: the key and the mandate are asked again.
        request.user, request.auth = self._recognised(request)
        page = read_events(acting_for(request), int(page.next))
        headers = {} if may_wait else {"Retry-After": str(_COME_BACK)}
        return Response(EventsOut(page).data, headers=headers)

    @contextmanager
    def _turn(self, request: Request) -> Iterator[bool]:
        """One waiting call for each key and taxpayer (429 for a second), some for each process."""
        name = f"events-waiting:{request.auth.pk}:{self.acting.taxpayer_id}"
        if not cache.add(name, 1, timeout=settings.EVENTS_WAIT_SECONDS + _COME_BACK):
            raise ThrottledError("events-waiting", retry_after=str(_COME_BACK))
        has_turn = _waiting.acquire(blocking=False)
        try:
            yield has_turn
        finally:
            cache.delete(name)
            if has_turn:
                _waiting.release()

    @staticmethod
    def _recognised(request: Request) -> tuple[Any, Any]:
        by = request.successful_authenticator
        return (by.authenticate(request) if by else None) or (None, None)


def _wait(taxpayer_id: int, after: int, seconds: int) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not has_events_after(taxpayer_id, after):
        time.sleep(_LOOK_SECONDS)
