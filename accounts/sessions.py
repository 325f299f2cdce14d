"""How long a session lasts: so long since it began, and so long since it was last used."""

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from accounts.types import PASSWORD, Means
from imas.kernel import clock

_BEGAN, _SEEN, _MEANS = "began_at", "seen_at", "means"
_NOTED_EVERY = 60


def begin(session: SessionBase, means: Means = PASSWORD) -> None:
    """Start both clocks and note by what the person came in."""
    session[_MEANS] = means.as_record()
    session[_BEGAN] = session[_SEEN] = int(clock.now().timestamp())


def means_of(session: SessionBase) -> Means:
    """Return what proved the identity when the session began."""
    return Means.from_record(session[_MEANS])


def began_at(session: SessionBase) -> int:
    """Return when the session began, in seconds since 1970; 0 when it never did."""
    return int(session.get(_BEGAN, 0))


def is_over(session: SessionBase) -> bool:
    """Tell whether either limit has passed; a session that was never begun is over."""
    now = clock.now().timestamp()
    too_old = now >= session.get(_BEGAN, 0) + settings.SESSION_SECONDS
    too_idle = now >= session.get(_SEEN, 0) + settings.SESSION_IDLE_SECONDS
    return bool(too_old or too_idle)


def touch(session: SessionBase) -> bool:
    """Note that the session is in use, at most once a minute; tell whether it was noted now."""
    now = int(clock.now().timestamp())
    if now - session.get(_SEEN, 0) < _NOTED_EVERY:
        return False
    session[_SEEN] = now
    return True
