"""Addresses that a request brings along."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request: HttpRequest, wanted: str) -> bool:
    """Whether an address leads nowhere but to this portal, so that it may be redirected to."""
    return url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
