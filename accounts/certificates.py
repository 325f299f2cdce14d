"""Certificates of programs: made, recognised, and taken from the connection they came by."""

import hashlib
from datetime import datetime
from ipaddress import ip_address, ip_network
from ssl import SSLSocket
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Certificate, User
from accounts.pki.authority import Subject, issue
from accounts.pki.requests import encoded, public_key_of
from accounts.types import Scope
from imas.kernel import clock
from imas.kernel.errors import ConflictError, UnauthenticatedError
from imas.web.lookups import Lookup

_SOCKET = "gunicorn.socket"
_BY_FINGERPRINT = Lookup(Certificate, "fingerprint", beside="user")


def new_certificate(user: User, request: bytes, subject: Subject, scope: Scope) -> Certificate:
    """Issue a certificate for a signing request.

    What is wrong with the request is told by `public_key_of`; a public key that has a certificate
    already is `ConflictError`: a new certificate needs a new key.
    """
    public_key = public_key_of(request)
    key_hash = hashlib.sha256(encoded(public_key)).hexdigest()
    if Certificate.objects.filter(public_key_hash=key_hash).exists():
        raise ConflictError("csr-key-used")
    issued = issue(public_key, subject, scope.expires_at)
    return Certificate.objects.create(
        user=user,
        name=subject.program,
        created_at=clock.now(),
        serial=f"{issued.serial_number:x}",
        fingerprint=_fingerprint(issued.public_bytes(serialization.Encoding.DER)),
        public_key_hash=key_hash,
        pem=issued.public_bytes(serialization.Encoding.PEM).decode(),
        **scope.as_columns(),
    )


def revoked(at: datetime) -> QuerySet[Certificate]:
    """Return the certificates a list of revoked ones must name; expired ones need no naming."""
    return Certificate.objects.filter(revoked_at__isnull=False, expires_at__gt=at).order_by("pk")


def presented(request: HttpRequest) -> bytes | None:
    """Return the certificate the caller proved to hold the key of, as DER; None without one.

    Proved in the connection itself, or to a proxy that stands at one of `CERTIFICATE_PROXIES`
    and passes the certificate on. The proxy's header from anywhere else is a forgery:
    `UnauthenticatedError`.
    """
    passed_on = request.headers.get(settings.CERTIFICATE_HEADER, "")
    if passed_on:
        if not _is_proxy(str(request.META.get("REMOTE_ADDR", ""))):
            raise UnauthenticatedError("certificate-header-forged")
        return _der(passed_on)
    socket = request.META.get(_SOCKET)
    return socket.getpeercert(binary_form=True) if isinstance(socket, SSLSocket) else None


def recognise(der: bytes) -> Certificate | None:
    """Return our certificate with these very bytes, with its user; None for a stranger's."""
    return _BY_FINGERPRINT.find(_fingerprint(der))


def _is_proxy(address: str) -> bool:
    try:
        here = ip_address(address)
    except ValueError:
        return False
    return any(here in ip_network(network) for network in settings.CERTIFICATE_PROXIES)


def _der(passed_on: str) -> bytes:
    try:
        certificate = x509.load_pem_x509_certificate(unquote(passed_on).encode("ascii"))
    except ValueError as error:
        raise UnauthenticatedError("certificate-not-valid") from error
    return certificate.public_bytes(serialization.Encoding.DER)


def _fingerprint(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()
