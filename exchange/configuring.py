"""Which other systems there are: read from one JSON list, refused when senseless.

docs/exchange.md describes every member. Nothing of Django here: the settings read this.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from accounts.providers.configuring import LANGUAGES, demand_safe_address
from exchange.roles import has_roles

_KEY = re.compile(r"[a-z][a-z0-9-]{1,30}")


@dataclass(frozen=True, kw_only=True)
class OtherSystem:
    """Another system of the authority: where people go, and where roles are told, if it has any.

    `party` is its name in our single sign-on, the same as `key` unless said otherwise.
    """

    key: str
    name: Mapping[str, str]
    address: str
    about: Mapping[str, str] = field(default_factory=dict)
    roles_address: str = ""
    party: str = ""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError(f"system {self.key!r}: the key is small letters, digits and -")
        if not all(self.name.get(language) for language in LANGUAGES):
            raise ValueError(f"system {self.key}: a name in lt and en is needed")
        demand_safe_address(self.address)
        if self.roles_address:
            demand_safe_address(self.roles_address)
            if not has_roles(self.key):
                raise ValueError(f"system {self.key}: schemas/exchange knows no roles of it")

    @property
    def client_id(self) -> str:
        """Under which name it is a party of our single sign-on."""
        return self.party or self.key

    @property
    def managing_right(self) -> str:
        """The right to give roles in it."""
        return f"{self.key}.roles"

    def words(self, language: str) -> str:
        """Return the name of the system in a language."""
        return self.name.get(language, self.name[LANGUAGES[0]])

    def about_words(self, language: str) -> str:
        """Return what the system is for, in a language; "" when nobody has said it."""
        return self.about.get(language, "")


def read_systems(text: str) -> tuple[OtherSystem, ...]:
    """Return the systems a JSON list describes; `ValueError` names what is wrong with it."""
    listed = json.loads(text or "[]")
    if not isinstance(listed, list):
        raise ValueError("the systems are a JSON list")  # noqa: TRY004 - of settings, not of code
    systems = tuple(_system(one) for one in listed)
    if len({one.key for one in systems}) != len(systems):
        raise ValueError("two systems have one key")
    return systems


def _system(described: Any) -> OtherSystem:
    if not isinstance(described, dict):
        raise ValueError("a system is a JSON object")  # noqa: TRY004 - of settings, not of code
    if unknown := set(described) - {one.name for one in fields(OtherSystem)}:
        raise ValueError(f"a system has no {sorted(unknown)}")
    try:
        return OtherSystem(**described)
    except TypeError as error:
        raise ValueError(f"system {described.get('key')}: {error}") from None
