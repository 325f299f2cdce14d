"""How often somebody may look for a person by name and personal code."""

from django.core.cache import cache

from imas.kernel.errors import ThrottledError

PER_HOUR = 20
_HOUR = 3600


def spend_attempt(user_id: int) -> None:
    """Count one look-up; more than `PER_HOUR` within the hour is `ThrottledError`."""
    key = f"representation.attempts.{user_id}"
    cache.add(key, 0, _HOUR)
    if cache.incr(key) > PER_HOUR:
        raise ThrottledError("too-many-look-ups", retry_after=str(_HOUR))
