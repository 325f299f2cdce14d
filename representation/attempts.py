"""How often somebody may ask for a mandate, and how often a taxpayer may be looked up."""

from django.conf import settings
from django.core.cache import cache

from imas.kernel import clock
from imas.kernel.errors import ThrottledError

PER_HOUR = 20
_HOUR = 3600
_MINUTE = 60


def spend_attempt(user_id: int) -> None:
    """Count one request; more than `PER_HOUR` within the hour is `ThrottledError`."""
    key = f"representation.attempts.{user_id}"
    cache.add(key, 0, _HOUR)
    if cache.incr(key) > PER_HOUR:
        raise ThrottledError("too-many-requests", retry_after=str(_HOUR))


def spend_look_ups(who: str, codes: int = 1, *, share: int = 1) -> None:
    """Count one request for so many codes by a key or a person ("key-UUID", "user-1").

    More than `LOOKUPS_PER_MINUTE` requests in a minute or `LOOKUP_CODES_PER_HOUR` codes in an
    hour is `ThrottledError` until that minute or hour is over; `share` times as many when given.
    """
    _spend(f"requests.{who}", 1, settings.LOOKUPS_PER_MINUTE * share, _MINUTE)
    _spend(f"codes.{who}", codes, settings.LOOKUP_CODES_PER_HOUR * share, _HOUR)


def _spend(what: str, amount: int, limit: int, seconds: int) -> None:
    now = int(clock.now().timestamp())
    key = f"representation.look-ups.{what}.{now // seconds}"
    cache.add(key, 0, seconds)
    if cache.incr(key, amount) > limit:
        raise ThrottledError("throttled", retry_after=str(seconds - now % seconds))
