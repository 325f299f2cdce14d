"""Logout tokens of a provider (OpenID Connect Back-Channel Logout 1.0)."""

from dataclasses import dataclass

from django.core.cache import cache

from accounts.providers.configuring import OidcProvider
from accounts.providers.tokens import checked
from imas.kernel.errors import UnprocessableError

EVENT = "http://schemas.openid.net/event/backchannel-logout"
_REMEMBERED_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Ended:
    """Which session, or whose sessions, have ended at the provider."""

    subject: str
    session: str


def ended_of(provider: OidcProvider, token: str) -> Ended:
    """Return what a logout token ends; one that is none, or has come before, ends nothing.

    A token with a `nonce` is one of signing in: it is refused, so that none can be passed off.
    """
    claims = checked(provider, token, jti={"essential": True}, events={"essential": True})
    events = claims["events"]
    is_logout = isinstance(events, dict) and EVENT in events and "nonce" not in claims
    ended = Ended(str(claims.get("sub", "")), str(claims.get("sid", "")))
    seen = f"logout-token:{provider.key}:{claims['jti']}"
    if not is_logout or not (ended.subject or ended.session):
        raise UnprocessableError("logout-not-proved")
    if not cache.add(seen, 1, _REMEMBERED_SECONDS):
        raise UnprocessableError("logout-not-proved")
    return ended
