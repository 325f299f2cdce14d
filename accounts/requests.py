"""Requests of people who have signed in."""

from django.http import HttpRequest

from accounts.models import User


class PersonRequest(HttpRequest):
    """A request past `ReadyMiddleware`: somebody has signed in."""

    user: User
