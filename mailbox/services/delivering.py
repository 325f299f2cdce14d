"""Telling addresses of events: once each in order of arrival, again when it fails, never for ever.

The row is the queue: an event becomes a Delivery by `spread_events`, a Delivery is sent by
`deliver`. No transaction is open while the other side is called.
"""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from mailbox import happenings, outgoing, signing
from mailbox.models import Attempt, Delivery, Endpoint, Event
from mailbox.services.endpoints import MANAGE, find_endpoint
from mailbox.services.events import event_as_told, number_events
from mailbox.services.posting import post_message
from mailbox.types import EndpointState
from representation.models import Taxpayer
from representation.services import acting_of, journal
from representation.types import Acting, system_acting

TEST = "mailbox.test"
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30, 60, 120, 240, 480, 480))
"""Between the attempts; together nearly a day."""
_MOST_AT_ONCE = 200


def spread_events(endpoint_id: UUID) -> None:
    """Make a delivery of every event an endpoint has not been told of; any number of times."""
    endpoint = Endpoint.objects.select_related("taxpayer").get(pk=endpoint_id)
    number_events(endpoint.taxpayer_id)
    rights = _rights_of(endpoint)
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
        events = list(
            Event.objects.filter(
                taxpayer_id=endpoint.taxpayer_id, number__gt=endpoint.position
            ).order_by("number")[:_MOST_AT_ONCE]
        )
        if not events or endpoint.state != EndpointState.ACTIVE:
            return
        code, now = endpoint.taxpayer.code, clock.now()
        Delivery.objects.bulk_create(
            _delivery(endpoint, event_as_told(event, code), now, number=event.number)
            for event in events
            if event.code in endpoint.codes and event.right in rights
        )
        endpoint.position = events[-1].number or endpoint.position
        endpoint.save(update_fields=["position"])


def deliver(delivery_id: UUID) -> bool:
    """Send one due delivery and write down what came of it; tell whether it was taken."""
    now = clock.now()
    if not Delivery.objects.claim(delivery_id, now):
        return False
    delivery = Delivery.objects.select_related("endpoint__owner", "endpoint__taxpayer").get(
        pk=delivery_id
    )
    if not _may_be_told(delivery):
        Delivery.objects.filter(pk=delivery_id).update(dropped_at=now, claimed_at=None)
        return False
    body = delivery.body.encode()
    keys = [signing.Key(one.key_id, one.secret) for one in delivery.endpoint.secrets.in_force(now)]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "i.MAS-webhooks/1",
        **signing.signed_headers(keys, str(delivery.pk), now, body),
    }
    answer = outgoing.post(delivery.endpoint.url, body, headers)
    _write_down(delivery, answer)
    return answer.is_taken


@transaction.atomic
def send_test_event(acting: Acting, endpoint_id: UUID) -> Delivery:
    """Put an event that means nothing on its way to an endpoint."""
    endpoint = find_endpoint(acting, endpoint_id)
    now = clock.now()
    told = {
        "type": TEST,
        "timestamp": now.isoformat(),
        "number": None,
        "data": {"taxpayer": acting.taxpayer_code, "subject": ""},
    }
    delivery = _delivery(endpoint, told, now)
    delivery.save(force_insert=True)
    journal(acting, "webhooks.tested", endpoint.pk)
    return delivery


@transaction.atomic
def deliver_again(acting: Acting, endpoint_id: UUID, delivery_id: UUID) -> Delivery:
    """Put the same event on its way once more, under a new id, with a fresh signature."""
    endpoint = find_endpoint(acting, endpoint_id)
    first = endpoint.deliveries.filter(pk=delivery_id).first()
    if first is None:
        raise NotFoundError("webhook-not-found")
    again = _delivery(endpoint, json.loads(first.body), clock.now(), number=first.number)
    again.is_again = True
    again.save(force_insert=True)
    journal(acting, "webhooks.replayed", endpoint.pk, delivery=str(first.pk))
    return again


def _delivery(
    endpoint: Endpoint, told: dict[str, Any], now: datetime, *, number: int | None = None
) -> Delivery:
    return Delivery(
        endpoint=endpoint,
        number=number,
        code=told["type"],
        body=json.dumps(told, ensure_ascii=False, separators=(",", ":")),
        created_at=now,
        due_at=now,
    )


def _rights_of(endpoint: Endpoint) -> frozenset[str]:
    """Return the rights that the owner still has without limits."""
    acting = acting_of(endpoint.owner, endpoint.taxpayer, clock.now())
    return acting.whole_rights if acting and acting.may(MANAGE) else frozenset()


def _may_be_told(delivery: Delivery) -> bool:
    """Rights are asked for at each call: what has ended is told no more."""
    held = _rights_of(delivery.endpoint)
    if delivery.code == TEST:
        return MANAGE in held
    known = happenings.known().get(delivery.code)
    return known is not None and known.right in held


@transaction.atomic
def _write_down(delivery: Delivery, answer: outgoing.Answer) -> None:
    now = clock.now()
    Attempt.objects.create(
        delivery=delivery,
        at=now,
        status=answer.status,
        milliseconds=answer.milliseconds,
        fault=answer.fault,
        excerpt=answer.excerpt[:500],
    )
    row = Delivery.objects.filter(pk=delivery.pk)
    if answer.is_taken:
        row.update(delivered_at=now, claimed_at=None)
        Endpoint.objects.filter(pk=delivery.endpoint_id).update(failures=0)
        return
    if delivery.attempts > len(PAUSES):
        row.update(dropped_at=now, claimed_at=None)
    else:
        row.update(due_at=now + PAUSES[delivery.attempts - 1], claimed_at=None)
    _count_failure(delivery.endpoint)


def _count_failure(endpoint: Endpoint) -> None:
    """Pause an endpoint that has failed too often without one success, and say so in the box."""
    active = Endpoint.objects.filter(pk=endpoint.pk, state=EndpointState.ACTIVE)
    active.update(failures=F("failures") + 1)
    now = clock.now()
    limit = settings.WEBHOOK_MAX_FAILURES
    if not active.filter(failures__gte=limit).update(state=EndpointState.PAUSED, paused_at=now):
        return
    post_message(
        taxpayer_id=endpoint.taxpayer_id,
        subsystem="mailbox",
        key=f"mailbox.webhook-paused.{endpoint.pk}.{now.isoformat()}",
        code="mailbox.webhook-paused",
        params={"name": endpoint.name, "failures": str(limit)},
        url_name="mailbox:webhook",
        url_args=(endpoint.pk,),
    )
    taxpayer = Taxpayer.objects.get(pk=endpoint.taxpayer_id)
    journal(system_acting(taxpayer, ()), "webhooks.paused", endpoint.pk, failures=str(limit))
