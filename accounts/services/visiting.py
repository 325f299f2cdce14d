"""Trips to a provider: begun by a browser, ended once by the same one, soon."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.sessions.backends.base import SessionBase

from accounts.models import ProviderVisit
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError

_OF_THIS_BROWSER = "provider_visits"
_AT_ONCE = 5
_LASTS = timedelta(minutes=15)
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """What was kept of a trip that has come back."""

    secrets: Mapping[str, str]
    wanted: str


def new_state() -> str:
    """Return what the provider is to give back with the browser."""
    return secrets.token_urlsafe(32)


def begin_visit(
    session: SessionBase, provider: str, state: str, kept: Mapping[str, str], wanted: str
) -> None:
    """Note that this browser leaves for a provider; a few trips may be under way at once."""
    now = clock.now()
    visit = ProviderVisit.objects.create(
        provider=provider,
        state_hash=_hash(state),
        secrets=json.dumps(dict(kept)),
        wanted=wanted,
        created_at=now,
        expires_at=now + _LASTS,
    )
    session[_OF_THIS_BROWSER] = [*session.get(_OF_THIS_BROWSER, []), str(visit.pk)][-_AT_ONCE:]


def end_visit(session: SessionBase, provider: str, state: str) -> Visit:
    """Return what was kept of the trip that now ends; of two ends at once exactly one is right.

    Another browser's trip, one ended already, one too long ago: `visit-not-yours`.
    """
    visits = ProviderVisit.objects.under_way(clock.now()).filter(
        provider=provider, state_hash=_hash(state), pk__in=session.get(_OF_THIS_BROWSER, [])
    )
    visit = visits.first()
    if visit is None or visits.update(used_at=clock.now()) != 1:
        raise ForbiddenError("visit-not-yours")
    return Visit(json.loads(visit.secrets), visit.wanted)


def forget_visits() -> None:
    """Drop trips that ended long ago."""
    ProviderVisit.objects.filter(expires_at__lt=clock.now() - _KEPT).delete()


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
