"""The house-mates that may let people in by our word, registered by an operator."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from accounts.journal import journal
from accounts.models import RelyingParty
from accounts.models.sso import token_hash
from accounts.providers.configuring import demand_safe_address
from accounts.sso.claims import OPENID, scopes


@dataclass(frozen=True, slots=True)
class PartyOrder:
    """What is registered of a party: its addresses to the letter, and what it may be told."""

    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    after_logout_uris: tuple[str, ...] = ()
    logout_uri: str = ""
    scopes: frozenset[str] = field(default_factory=frozenset)


@transaction.atomic
def register_party(order: PartyOrder) -> str:
    """Register a party, or register it anew; return its secret, which is nowhere kept.

    An address that is not https (this machine aside) or an unknown scope: `ValueError`.
    """
    _demand_addresses((*order.redirect_uris, *order.after_logout_uris, order.logout_uri))
    if unknown := order.scopes - set(scopes()):
        raise ValueError(f"there is no scope {sorted(unknown)}")
    secret = secrets.token_urlsafe(32)
    RelyingParty.objects.update_or_create(
        client_id=order.client_id,
        defaults={
            "name": order.name,
            "secret_hash": token_hash(secret),
            "redirect_uris": list(order.redirect_uris),
            "after_logout_uris": list(order.after_logout_uris),
            "logout_uri": order.logout_uri,
            "scopes": sorted(order.scopes | {OPENID}),
            "is_active": True,
        },
    )
    journal(None, "accounts.party-registered", order.client_id)
    return secret


def _demand_addresses(addresses: Iterable[str]) -> None:
    for address in addresses:
        if address:
            demand_safe_address(address)
