"""Back-channel logout: each party that let somebody in is told when the session ends.

OpenID Connect Back-Channel Logout 1.0. The row is the outbox: told again with growing pauses until
the party has heard, or its own session would be over anyway.
"""

import logging
import uuid
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings

from accounts.models import Sharing
from accounts.providers import http
from accounts.services import sharing
from accounts.sso import keys
from accounts.sso.claims import subject
from imas.kernel import clock
from imas.kernel.errors import DomainError
from imas.web.mail import pause_after

EVENT = "http://schemas.openid.net/event/backchannel-logout"
_TOKEN_SECONDS = 120
_GIVEN_UP_AFTER = timedelta(days=1)
_HEARD = {200, 204}

logger = logging.getLogger(__name__)


def tell_party(sharing_id: int) -> None:
    """Tell one party of one end. Safe to call any number of times."""
    now = clock.now()
    if not Sharing.objects.claim(sharing_id, now):
        return
    told = Sharing.objects.select_related("party", "session__user").get(pk=sharing_id)
    if _tell(told):
        told.told_at = clock.now()
    else:
        assert told.due_at is not None  # noqa: S101 - a row that was claimed was due
        told.due_at = now + pause_after(told.attempts)
        ended = told.session.ended_at or now
        told.given_up_at = now if now - ended > _GIVEN_UP_AFTER else None
    told.claimed_at = None
    told.save(update_fields=["told_at", "due_at", "given_up_at", "claimed_at"])


def tell_all_due() -> None:
    """End what has lapsed, and tell everybody whose turn has come."""
    sharing.end_lapsed()
    for sharing_id in Sharing.objects.due(clock.now()).values_list("pk", flat=True):
        tell_party(sharing_id)


def _tell(told: Sharing) -> bool:
    body = urlencode({"logout_token": _logout_token(told)}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        status, _ = http.post(told.party.logout_uri, body, headers)
    except (DomainError, ValueError):
        status = 0
    if status not in _HEARD:
        logger.warning("sso.not_told", extra={"party": told.party_id, "status": status})
    return status in _HEARD


def _logout_token(told: Sharing) -> str:
    now = int(clock.now().timestamp())
    claims = {
        "iss": settings.SITE_URL,
        "aud": told.party_id,
        "iat": now,
        "exp": now + _TOKEN_SECONDS,
        "jti": str(uuid.uuid4()),
        "sub": subject(told.session.user, told.party_id),
        "sid": str(told.session_id),
        "events": {EVENT: {}},
    }
    return keys.sign(claims, "logout+jwt")
