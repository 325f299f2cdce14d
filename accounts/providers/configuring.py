"""Which providers people may come through: read from one JSON list, refused when senseless.

docs/accounts.md describes every member. Nothing of Django here: the settings read this.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from accounts.types import Assurance

_KEY = re.compile(r"[a-z][a-z0-9-]{1,30}")
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"})
LANGUAGES = ("lt", "en")
P = TypeVar("P", bound="Provider")


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One way in from outside, as the sign-in page names it."""

    key: str
    name: Mapping[str, str]
    makes_people: bool = True
    two_factors: bool = False

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError(f"provider {self.key!r}: the key is small letters, digits and -")
        if not all(self.name.get(language) for language in LANGUAGES):
            raise ValueError(f"provider {self.key}: a name in lt and en is needed")

    def words(self, language: str) -> str:
        """Return the name of the provider in a language."""
        return self.name.get(language, self.name[LANGUAGES[0]])


@dataclass(frozen=True, kw_only=True)
class OidcProvider(Provider):
    """A provider that speaks OpenID Connect.

    `acr` says how sure a sign-in is by the class the token names; empty: `assurance` always. Codes
    are read from signed claims: `personal_code_claim`, or `eidas_claim`, or the pair
    `country_claim` and `foreign_code_claim`.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "profile")
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    acr: Mapping[str, str] = field(default_factory=dict)
    assurance: str = Assurance.SUBSTANTIAL
    personal_code_claim: str = "personal_code"
    eidas_claim: str = ""
    country_claim: str = ""
    foreign_code_claim: str = ""
    first_name_claim: str = "given_name"
    last_name_claim: str = "family_name"

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_safe_address(self.issuer)
        if not set(self.algorithms) or not set(self.algorithms) <= _ALGORITHMS:
            raise ValueError(f"provider {self.key}: algorithms are some of {sorted(_ALGORITHMS)}")
        for level in (self.assurance, *self.acr.values()):
            Assurance(level)


@dataclass(frozen=True, kw_only=True)
class ViispProvider(Provider):
    """The state's gateway VIISP, or one that speaks as it does.

    `methods`: which of its own providers a person may choose, and how sure each is;
    `two_factor_methods`: those that prove two factors. `signature` is of both sides' messages.
    """

    service: str
    portal: str
    pid: str
    private_key: str = field(repr=False)
    gateway_certificate: str = field(repr=False)
    signature: str = "rsa-sha1"
    methods: Mapping[str, str] = field(
        default_factory=lambda: {
            "auth.lt.bank": Assurance.SUBSTANTIAL,
            "auth.signatureProvider": Assurance.HIGH,
            "auth.lt.identity.card": Assurance.HIGH,
            "auth.eidas": Assurance.SUBSTANTIAL,
        }
    )
    two_factor_methods: tuple[str, ...] = ("auth.signatureProvider", "auth.lt.identity.card")

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_safe_address(self.service)
        demand_safe_address(self.portal)
        if self.signature not in {"rsa-sha1", "rsa-sha256"}:
            raise ValueError(f"provider {self.key}: signature is rsa-sha1 or rsa-sha256")
        for level in self.methods.values():
            Assurance(level)


_KINDS: dict[str, type[Provider]] = {"oidc": OidcProvider, "viisp": ViispProvider}


def read_providers(text: str) -> tuple[Provider, ...]:
    """Return the providers a JSON list describes; `ValueError` names what is wrong with it."""
    listed = json.loads(text or "[]")
    if not isinstance(listed, list):
        raise ValueError("the providers are a JSON list")  # noqa: TRY004 - of settings, not of code
    providers = tuple(_provider(one) for one in listed)
    if len({one.key for one in providers}) != len(providers):
        raise ValueError("two providers have one key")
    return providers


def demand_safe_address(address: str) -> None:
    """Refuse an address that is not https; this machine alone may be asked without it."""
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or not _is_this_machine(parts.hostname or ""):
        raise ValueError(f"{address!r} is no https address")


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _provider(described: Mapping[str, Any]) -> Provider:
    members = dict(described)
    kind = _KINDS.get(members.pop("kind", ""))
    if kind is None:
        raise ValueError(f"the kind of a provider is one of {sorted(_KINDS)}")
    known = {one.name for one in fields(kind)}
    for name in [name for name in members if name.endswith("_file")]:
        path = Path(members.pop(name))
        members[name.removesuffix("_file")] = path.read_text(encoding="utf-8").strip()
    if unknown := set(members) - known:
        raise ValueError(f"a provider has no {sorted(unknown)}")
    return _made(kind, {name: _frozen(value) for name, value in members.items()})


def _made(kind: type[P], members: Mapping[str, Any]) -> P:
    try:
        return kind(**members)
    except TypeError as error:
        raise ValueError(f"provider {members.get('key')}: {error}") from None


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
