"""The keys we sign with for others: the first signs, all are published."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc import jwk, jwt

ALGORITHM = "RS256"


def is_on() -> bool:
    """Tell whether i.MAS signs people in elsewhere at all."""
    return bool(settings.SSO_SIGNING_KEYS)


def signing_key() -> jwk.RSAKey:
    """Return the key that signs."""
    return _loaded(settings.SSO_SIGNING_KEYS[0])


def published() -> dict[str, Any]:
    """Return the public halves of all keys (JWKS)."""
    keys = [_loaded(path) for path in settings.SSO_SIGNING_KEYS]
    return {"keys": [{**key.as_dict(private=False), "use": "sig"} for key in keys]}


def sign(claims: dict[str, Any], kind: str = "JWT") -> str:
    """Sign a token of a kind."""
    key = signing_key()
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": kind}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def read(token: str) -> dict[str, Any]:
    """Return what a token of our own says, however old; `JoseError` or `ValueError` to others."""
    keys = jwk.KeySet([_loaded(path) for path in settings.SSO_SIGNING_KEYS])
    return dict(jwt.decode(token, keys, algorithms=[ALGORITHM]).claims)


@cache
def _loaded(path: str) -> jwk.RSAKey:
    key = jwk.RSAKey.import_key(Path(path).read_text(encoding="ascii"))
    key.ensure_kid()
    return key
