"""Adding, changing and removing addresses that are told of events."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ConflictError, ForbiddenError, NotFoundError, UnprocessableError
from mailbox import happenings, signing
from mailbox.models import Endpoint, EndpointSecret, EventFeed
from mailbox.outgoing import check_url
from mailbox.services.events import number_events
from mailbox.types import EndpointState
from representation.services import journal
from representation.types import Acting

MANAGE = "keys.manage"
MOST_ENDPOINTS = 5


@dataclass(frozen=True, slots=True)
class EndpointOrder:
    """What an endpoint is called, where it is and which sorts of events it is told of."""

    name: str
    url: str
    codes: Collection[str]


@transaction.atomic
def add_endpoint(acting: Acting, owner: User, order: EndpointOrder) -> tuple[Endpoint, signing.Key]:
    """Add an address; its secret is returned this once. It is told of what happens from now on.

    It is told by the rights of the person who adds it, as long as he has them.
    """
    acting.require(MANAGE)
    if owner.pk != acting.user_id:
        raise ForbiddenError("right-missing", right=MANAGE)
    _check(acting, order)
    kept = Endpoint.objects.kept().filter(taxpayer_id=acting.taxpayer_id)
    EventFeed.objects.get_or_create(taxpayer_id=acting.taxpayer_id)
    feed = EventFeed.objects.select_for_update().get(taxpayer_id=acting.taxpayer_id)
    if kept.count() >= MOST_ENDPOINTS:
        raise ConflictError("too-many-webhooks", limit=str(MOST_ENDPOINTS))
    number_events(acting.taxpayer_id)
    feed.refresh_from_db()
    endpoint = Endpoint.objects.create(
        taxpayer_id=acting.taxpayer_id,
        owner=owner,
        name=order.name,
        url=order.url,
        codes=sorted(set(order.codes)),
        position=feed.numbered,
        created_at=clock.now(),
    )
    journal(acting, "webhooks.added", endpoint.pk, codes=",".join(endpoint.codes))
    return endpoint, _new_secret(endpoint)


@transaction.atomic
def rotate_secret(acting: Acting, endpoint_id: UUID) -> signing.Key:
    """Return a new secret; the earlier ones sign beside it for `WEBHOOK_OVERLAP_HOURS` more."""
    endpoint = _mine(acting, endpoint_id)
    until = clock.now() + timedelta(hours=settings.WEBHOOK_OVERLAP_HOURS)
    endpoint.secrets.filter(expires_at=None).update(expires_at=until)
    key = _new_secret(endpoint)
    journal(acting, "webhooks.secret-changed", endpoint.pk, key_id=key.key_id)
    return key


def pause_endpoint(acting: Acting, endpoint_id: UUID) -> None:
    """Stop telling an address; what happens meanwhile waits."""
    _move(acting, endpoint_id, EndpointState.PAUSED)


def resume_endpoint(acting: Acting, endpoint_id: UUID) -> None:
    """Tell an address again, first of what it missed."""
    _move(acting, endpoint_id, EndpointState.ACTIVE)


def remove_endpoint(acting: Acting, endpoint_id: UUID) -> None:
    """Never tell an address again; its log is kept."""
    _move(acting, endpoint_id, EndpointState.REMOVED)


def _check(acting: Acting, order: EndpointOrder) -> None:
    known = happenings.known()
    if not order.codes or not set(order.codes) <= known.keys():
        raise UnprocessableError("webhook-events")
    for code in order.codes:
        acting.require_wholly(known[code].right)
    check_url(order.url)


def _new_secret(endpoint: Endpoint) -> signing.Key:
    key = signing.new_key()
    EndpointSecret.objects.create(
        endpoint=endpoint, key_id=key.key_id, secret=key.secret, created_at=clock.now()
    )
    return key


@transaction.atomic
def _move(acting: Acting, endpoint_id: UUID, state: EndpointState) -> None:
    endpoint = _mine(acting, endpoint_id)
    endpoint.state = state
    endpoint.failures = 0
    endpoint.paused_at = clock.now() if state == EndpointState.PAUSED else None
    endpoint.save(update_fields=["state", "failures", "paused_at"])
    if state == EndpointState.ACTIVE:
        waiting = endpoint.deliveries.filter(delivered_at=None, dropped_at=None)
        waiting.update(due_at=clock.now())
    journal(acting, f"webhooks.{state}", endpoint.pk)


def find_endpoint(acting: Acting, endpoint_id: UUID) -> Endpoint:
    """Return an endpoint of the taxpayer; a stranger's or a removed one is not found."""
    acting.require(MANAGE)
    endpoint = Endpoint.objects.visible_to(acting).filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotFoundError("webhook-not-found")
    return endpoint


def _mine(acting: Acting, endpoint_id: UUID) -> Endpoint:
    endpoint = find_endpoint(acting, endpoint_id)
    return Endpoint.objects.select_for_update().get(pk=endpoint.pk)
