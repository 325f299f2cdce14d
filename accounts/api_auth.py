"""Who is asking, when a program asks: `Authorization: Bearer KEY`."""

from datetime import datetime, timedelta

from django.db.models import Q
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.keys import recognise
from accounts.models import ApiKey, User
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, UnauthenticatedError

_USE_NOTED_EVERY = timedelta(minutes=1)


class KeyAuthentication(BaseAuthentication):
    """Takes a key of a person's program; `request.auth` is the key, `request.user` its owner.

    A key unknown, expired or revoked gets one and the same answer. An owner who has not accepted
    the rules or whose address has lapsed gets `owner-not-ready` (VA-119, 4 p.).
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """Recognise the key; without the header nobody is asking."""
        scheme, _, plain = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = clock.now()
        key = recognise(plain.strip(), now)
        if key is None or not key.user.is_active:
            raise UnauthenticatedError("key-not-valid")
        if not key.user.is_ready(now):
            raise ForbiddenError("owner-not-ready")
        _note_use(key, now)
        return key.user, key

    def authenticate_header(self, _request: Request) -> str:
        """Say what to send."""
        return "Bearer"


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the OpenAPI document of `KeyAuthentication`."""

    target_class = "accounts.api_auth.KeyAuthentication"
    name = "key"

    def get_security_definition(self, _auto_schema: object) -> dict[str, str]:
        """Describe the header."""
        return {"type": "http", "scheme": "bearer", "description": "A key of i.MAS web services."}


def _note_use(key: ApiKey, now: datetime) -> None:
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - _USE_NOTED_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
