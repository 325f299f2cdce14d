"""The one door by which a session begins, whoever has proved the identity."""

from dataclasses import dataclass

from axes.utils import reset
from django.contrib import auth
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts import stepup
from accounts.journal import journal
from accounts.models import User
from accounts.selectors import has_second_factor
from accounts.services.sessions import note_session
from accounts.sessions import begin
from accounts.throttling import normal_login_name, second_name
from accounts.types import PASSWORD, Means
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError

BACKEND = "django.contrib.auth.backends.ModelBackend"
WAITING_SECONDS = 600
"""How long a second factor is waited for."""
_WAITING = "entering"


@dataclass(frozen=True, slots=True)
class Entering:
    """Somebody at the door: the first factor is proved, the second is not."""

    user: User
    means: Means


def enter(request: HttpRequest, user: User, means: Means) -> bool:
    """Let in the person whom `means` has proved to be this user; True: the session has begun.

    False: a second factor of the person's own is asked for first. Either way the caller leads to
    `accounts.views.way_in(request)`. The session gets a new key, so a key planted before is worth
    nothing. An account that is closed: `ForbiddenError`.
    """
    if not user.is_active:
        raise ForbiddenError("account-closed")
    if has_second_factor(user) and not means.two_factors:
        _let_wait(request, user, means)
        return False
    _begin(request, user, means, second_factor=means.two_factors)
    return True


def entering(request: HttpRequest) -> Entering | None:
    """Return who waits at the door in this browser; a new password or a closed account ends it."""
    kept = request.session.get(_WAITING)
    if not kept or clock.now().timestamp() >= kept["at"] + WAITING_SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return Entering(user, Means.from_record(kept["means"]))


def finish_entering(request: HttpRequest, who: Entering) -> None:
    """Begin the session of somebody who has just proved the second factor too."""
    request.session.pop(_WAITING, None)
    _begin(request, who.user, who.means, second_factor=True)
    reset(username=second_name(who.user))


def sign_in(request: HttpRequest, login_name: str, password: str) -> User | None:
    """Enter by name and password; None when they do not fit.

    The same work is done whether the name is known or not.
    """
    name = normal_login_name(login_name)
    user = auth.authenticate(request, username=name, password=password)
    if not isinstance(user, User):
        return None
    reset(username=name)
    enter(request, user, PASSWORD)
    return user


def is_password_of(request: HttpRequest, user: User, password: str) -> bool:
    """Ask for the password again before a weighty step; misses count as failed sign-ins."""
    return auth.authenticate(request, username=user.login_name, password=password) == user


def _let_wait(request: HttpRequest, user: User, means: Means) -> None:
    """Remember the first factor under a session key that nobody else has seen."""
    request.session.flush()
    request.session[_WAITING] = {
        "user": user.pk,
        "means": means.as_record(),
        "hash": user.get_session_auth_hash(),
        "at": int(clock.now().timestamp()),
    }


def _begin(request: HttpRequest, user: User, means: Means, *, second_factor: bool) -> None:
    auth.login(request, user, backend=BACKEND)
    begin(request.session, means)
    if second_factor:
        stepup.confirm(request.session)
    note_session(request, user, means)
    journal(user, "accounts.signed-in", str(means), assurance=means.assurance)
