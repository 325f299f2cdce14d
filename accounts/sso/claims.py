"""What other systems are told of a person: what they may have, and not more."""

from collections.abc import Callable
from typing import Any

from accounts.encryption import lookup_hash
from accounts.models import User

Teller = Callable[[User], dict[str, Any]]
OPENID, PROFILE, CODE = "openid", "profile", "code"
_tellers: dict[str, Teller] = {}


def tell(scope: str, teller: Teller) -> None:
    """Let a floor above add claims under a scope of its own."""
    if scope in _tellers or scope in {OPENID, PROFILE, CODE}:
        raise ValueError(f"scope {scope!r} is told already")
    _tellers[scope] = teller


def scopes() -> list[str]:
    """Return every scope there is."""
    return [OPENID, PROFILE, CODE, *_tellers]


def claims_of(user: User, client_id: str, scope: str) -> dict[str, Any]:
    """Return the claims a party may have; `sub` is another for each party."""
    allowed = scope.split()
    told: dict[str, Any] = {"sub": subject(user, client_id)}
    if PROFILE in allowed:
        told |= {"given_name": user.first_name, "family_name": user.last_name}
    if CODE in allowed:
        told |= _code(user)
    for name in allowed:
        if name in _tellers:
            told |= _tellers[name](user)
    return told


def subject(user: User, client_id: str) -> str:
    """Return the name of a person for one party, so that two cannot put their lists together."""
    return lookup_hash(f"sso:{client_id}:{user.pk}")[:40]


def _code(user: User) -> dict[str, str]:
    if user.personal_code:
        return {"personal_code": user.personal_code}
    foreign = getattr(user, "foreign_identifier", None)
    return {"country": foreign.country, "foreign_code": foreign.code} if foreign else {}
