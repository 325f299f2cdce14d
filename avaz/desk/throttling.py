"""Wrong codes counted in the desk's own database: for who is tried, and for where it comes from."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings

from avaz.desk.models import Failure
from imas.kernel import clock
from imas.kernel.errors import ThrottledError

_KEPT = timedelta(days=1)


def refuse_locked(limits: Mapping[str, int]) -> None:
    """Refuse when a key has failed as often as its limit of late: ThrottledError("avaz-locked")."""
    since = clock.now() - timedelta(seconds=settings.AVAZ_LOCK_SECONDS)
    for key, most in limits.items():
        if Failure.objects.filter(key=_digest(key), at__gt=since).count() >= most:
            raise ThrottledError("avaz-locked", retry_after=str(settings.AVAZ_LOCK_SECONDS))


def note_failure(limits: Mapping[str, int]) -> None:
    """Count one more for each key; what is a day old is forgotten."""
    now = clock.now()
    Failure.objects.filter(at__lt=now - _KEPT).delete()
    Failure.objects.bulk_create(Failure(key=_digest(key), at=now) for key in limits)


def at_the_door(email: str, address: str) -> dict[str, int]:
    """Return the limits of a sign-in: of the e-mail address, and of the network address."""
    return {
        f"email:{email.strip().lower()}": settings.AVAZ_ATTEMPTS,
        f"address:{address}": settings.AVAZ_ATTEMPTS_PER_ADDRESS,
    }


def by_phone(phone: str) -> dict[str, int]:
    """Return the limits of messages of a phone."""
    return {f"phone:{phone}": settings.AVAZ_ATTEMPTS}


def _digest(key: str) -> str:
    door, _colon, who = key.partition(":")
    return f"{door}:{hashlib.sha256(who.encode()).hexdigest()}"
