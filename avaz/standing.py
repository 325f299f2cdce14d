"""Which outages last: asked on every page, so remembered for some seconds."""

from collections.abc import Sequence

from django.core.cache import cache
from redis import RedisError

from avaz.models import Outage
from imas.kernel import clock

_KEY, _SECONDS = "avaz.lasting", 15


def lasting() -> Sequence[Outage]:
    """Return the outages that last, the newest first; at most some seconds old."""
    try:
        found: list[Outage] | None = cache.get(_KEY)
        if found is None:
            found = list(Outage.objects.lasting(clock.now()))
            cache.set(_KEY, found, _SECONDS)
    except RedisError:
        # The very page that tells what does not work.
        return list(Outage.objects.lasting(clock.now()))
    return found


def forget_banner() -> None:
    """Let the next page ask anew."""
    cache.delete(_KEY)
