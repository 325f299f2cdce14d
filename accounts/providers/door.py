"""The one door to every provider, whatever it speaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.providers import oidc
from accounts.providers.configuring import OidcProvider, Provider
from accounts.providers.types import Proof


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes: by a link, or by a form when there are fields to carry.

    `secrets` stay here until the browser is back.
    """

    address: str
    secrets: Mapping[str, str] = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict)


def depart(provider: Provider, state: str, back: str) -> Departure:
    """Ask the provider to prove who somebody is; `back`: our address the browser returns to."""
    assert isinstance(provider, OidcProvider)  # noqa: S101 - the only kind there is
    kept = oidc.new_secrets()
    return Departure(oidc.way_out(provider, state, kept, back), kept)


def proof(
    provider: Provider, answer: Mapping[str, str], kept: Mapping[str, str], back: str
) -> Proof:
    """Return whom the answer proves; `ForbiddenError` when it proves nobody."""
    assert isinstance(provider, OidcProvider)  # noqa: S101 - the only kind there is
    return oidc.proof(provider, answer, kept, back)
