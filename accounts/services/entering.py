"""Signing in."""

from axes.utils import reset
from django.contrib import auth
from django.http import HttpRequest

from accounts.models import User
from accounts.sessions import begin
from accounts.throttling import normal_login_name


def sign_in(request: HttpRequest, login_name: str, password: str) -> User | None:
    """Begin a session for the person with this name and password; None when they do not fit.

    The same work is done whether the name is known or not. The session gets a new key, so a key
    planted before is worth nothing.
    """
    name = normal_login_name(login_name)
    user = auth.authenticate(request, username=name, password=password)
    if not isinstance(user, User):
        return None
    auth.login(request, user)
    begin(request.session)
    reset(username=name)
    return user


def is_password_of(request: HttpRequest, user: User, password: str) -> bool:
    """Ask for the password again before a weighty step; misses count as failed sign-ins."""
    return auth.authenticate(request, username=user.login_name, password=password) == user
