"""Who is asking, when a program asks: a key in `Authorization: Bearer KEY`, or a certificate."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Q
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts import certificates, keys
from accounts.journal import journal
from accounts.models import Credential, User
from accounts.throttling import address
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, UnauthenticatedError

_USE_NOTED_EVERY = timedelta(minutes=1)
_REFUSAL_NOTED_EVERY = timedelta(minutes=1)


class KeyAuthentication(BaseAuthentication):
    """Takes a key of a person's program; `request.auth` is the key, `request.user` its owner.

    A key unknown, expired, revoked or used from an address it is not for gets one and the same
    answer. An owner who has not accepted the rules or whose address has lapsed gets
    `owner-not-ready` (VA-119, 4 p.).
    """

    def authenticate(self, request: Request) -> tuple[User, Credential] | None:
        """Recognise the key; without the header nobody is asking."""
        scheme, _, plain = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return _admitted(request, keys.recognise(plain.strip()), "key-not-valid")

    def authenticate_header(self, _request: Request) -> str:
        """Say what to send."""
        return "Bearer"


class CertificateAuthentication(BaseAuthentication):
    """Takes the client certificate of the connection; `request.auth` is the certificate.

    Only the very certificates issued here open anything, each until it is revoked, which counts
    at the next request. The same rules hold as for keys.
    """

    def authenticate(self, request: Request) -> tuple[User, Credential] | None:
        """Recognise the certificate; without one nobody is asking."""
        try:
            der = certificates.presented(request._request)  # noqa: SLF001  DRF's name for it
        except UnauthenticatedError as refusal:
            _journal_refusal(request, None, refusal.code)
            raise
        if der is None:
            return None
        return _admitted(request, certificates.recognise(der), "certificate-not-valid")

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


class CertificateScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the OpenAPI document of `CertificateAuthentication`."""

    target_class = "accounts.api_auth.CertificateAuthentication"
    name = "certificate"

    def get_security_definition(self, _auto_schema: object) -> dict[str, str]:
        """Describe the connection."""
        return {"type": "mutualTLS", "description": "A client certificate issued by i.MAS."}


def _admitted(
    request: Request, credential: Credential | None, refusal: str
) -> tuple[User, Credential]:
    """Let the owner of a credential in; every way of being unfit gets the same refusal."""
    now = clock.now()
    if credential is None:
        raise UnauthenticatedError(refusal)
    fits = credential.is_usable(now) and credential.takes(address(request))
    if not fits or not credential.user.is_active:
        _journal_refusal(request, credential.user, credential.label)
        raise UnauthenticatedError(refusal)
    if not credential.user.is_ready(now):
        raise ForbiddenError("owner-not-ready")
    _note_use(credential, now)
    return credential.user, credential


def _journal_refusal(request: Request, user: User | None, what: str) -> None:
    """Write down who was turned away, once in a while: a stranger must not fill the journal."""
    here = address(request)
    if cache.add(f"turned-away:{what}:{here}", 1, _REFUSAL_NOTED_EVERY.seconds):
        journal(user, "keys.refused", what, address=here)


def _note_use(credential: Credential, now: datetime) -> None:
    before, last = now - _USE_NOTED_EVERY, credential.last_used_at
    if last is not None and last >= before:
        return
    # Of requests that come at once the first alone writes.
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=before)
    type(credential).objects.filter(stale, pk=credential.pk).update(last_used_at=now)
