"""The one door to every provider, whatever it speaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.providers import oidc
from accounts.providers.configuring import OidcProvider, Provider, ViispProvider
from accounts.providers.types import Proof
from accounts.providers.viisp import gateway


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes: by a link, or by a form when there are fields to carry.

    `secrets` stay here until the browser is back.
    """

    address: str
    secrets: Mapping[str, str] = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ways:
    """Our addresses a browser returns to: by a link, or by a form of the provider's."""

    back: str
    posted: str


def depart(provider: Provider, state: str, ways: Ways) -> Departure:
    """Ask the provider to prove who somebody is."""
    match provider:
        case OidcProvider():
            kept = oidc.new_secrets()
            return Departure(oidc.way_out(provider, state, kept, ways.back), kept)
        case ViispProvider():
            ticket = gateway.new_ticket(provider, state, ways.posted)
            kept = {gateway.TICKET: ticket, gateway.CUSTOM: state}
            return Departure(provider.portal, kept, {gateway.TICKET: ticket})
        case _:
            raise TypeError(provider)


def proof(
    provider: Provider, answer: Mapping[str, str], kept: Mapping[str, str], ways: Ways
) -> Proof:
    """Return whom the answer proves; `ForbiddenError` when it proves nobody."""
    match provider:
        case OidcProvider():
            return oidc.proof(provider, answer, kept, ways.back)
        case ViispProvider():
            return gateway.proof(provider, answer, kept)
        case _:
            raise TypeError(provider)
