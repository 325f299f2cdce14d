"""What anybody may fetch from the authority: its certificate and the list of revoked ones."""

from cryptography.hazmat.primitives.serialization import Encoding
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.certificates import revoked
from accounts.pki.authority import authority, revocation_list
from imas.kernel import clock

_LIST = "ca-revoked"
_LIST_KEPT = 300


@require_safe
def root(_request: HttpRequest) -> HttpResponse:
    """Hand out the authority's certificate as PEM."""
    pem = authority().public_bytes(Encoding.PEM)
    return HttpResponse(pem, content_type="application/x-pem-file")


@require_safe
def revoked_list(_request: HttpRequest) -> HttpResponse:
    """Hand out the signed list of revoked certificates as DER, made anew every five minutes.

    i.MAS itself never waits for it: a revoked certificate opens nothing at its next request.
    """
    der = cache.get_or_set(
        _LIST, lambda: revocation_list(revoked(clock.now()).iterator()), _LIST_KEPT
    )
    return HttpResponse(der, content_type="application/pkix-crl")
