"""The one door by which a session begins, whoever has proved the identity."""

from axes.utils import reset
from django.contrib import auth
from django.http import HttpRequest

from accounts import stepup
from accounts.journal import journal
from accounts.models import User
from accounts.sessions import begin
from accounts.throttling import normal_login_name
from accounts.types import PASSWORD, Means
from imas.kernel.errors import ForbiddenError

BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(request: HttpRequest, user: User, means: Means) -> bool:
    """Let in the person whom `means` has proved to be this user; True: the session has begun.

    False: a second factor of the person's own is asked for first. Either way the caller leads to
    `accounts.views.way_in(request)`. The session gets a new key, so a key planted before is worth
    nothing. An account that is closed: `ForbiddenError`.
    """
    if not user.is_active:
        raise ForbiddenError("account-closed")
    auth.login(request, user, backend=BACKEND)
    begin(request.session, means)
    if means.two_factors:
        stepup.confirm(request.session)
    journal(user, "accounts.signed-in", str(means), assurance=means.assurance)
    return True


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
