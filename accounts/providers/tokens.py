"""Signed tokens of an OpenID Connect provider: whose they are, and what they say."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from joserfc import jwk, jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from accounts.providers import http
from accounts.providers.configuring import OidcProvider, demand_safe_address
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, UnavailableError

NOT_PROVED = "sign-in-not-proved"
_LEEWAY = 60
_OLDEST = 600
_DESCRIPTION_SECONDS = 3600
_KEYS_SECONDS = 600
_KEYS_AGAIN_AFTER = 30

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider is asked what."""

    authorization: str
    token: str
    keys: str


def endpoints(provider: OidcProvider) -> Endpoints:
    """Return the addresses the provider publishes, looked up at most once an hour."""
    kept = f"oidc-description:{provider.issuer}"
    described = cache.get(kept)
    if described is None:
        described = http.get_json(f"{provider.issuer}/.well-known/openid-configuration")
        if described.get("issuer") != provider.issuer:
            raise UnavailableError("provider-silent")
        cache.set(kept, described, _DESCRIPTION_SECONDS)
    found = Endpoints(
        str(described.get("authorization_endpoint")),
        str(described.get("token_endpoint")),
        str(described.get("jwks_uri")),
    )
    for address in (found.authorization, found.token, found.keys):
        demand_safe_address(address)
    return found


def claims_of(provider: OidcProvider, token: str, **expected: str) -> Mapping[str, Any]:
    """Return what a token says when this provider has just signed it for us; else refuse.

    `expected`: claims that must be there with these values (`nonce`). Refusal: `ForbiddenError`
    `sign-in-not-proved`, one answer for every fault; the log names which.
    """
    required = {name: _exactly(value) for name, value in expected.items()}
    claims = checked(provider, token, sub={"essential": True}, **required)
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != provider.client_id:
        raise not_proved(provider, "other party")
    return claims


def checked(provider: OidcProvider, token: str, **required: jwt.ClaimsOption) -> Mapping[str, Any]:
    """Return what a token says when this provider has just signed it for us."""
    try:
        claims = _verified(provider, token)
        _demand(provider, required).validate(claims)
    except (JoseError, ValueError) as error:
        raise not_proved(provider, getattr(error, "error", "malformed")) from error
    if claims["iat"] < clock.now().timestamp() - _OLDEST:
        raise not_proved(provider, "old token")
    return claims


def not_proved(provider: OidcProvider, fault: str) -> ForbiddenError:
    """Return the refusal; the log says what was wrong, never what the token held."""
    logger.warning("providers.not_proved", extra={"provider": provider.key, "fault": fault})
    return ForbiddenError(NOT_PROVED)


def _demand(
    provider: OidcProvider, required: Mapping[str, jwt.ClaimsOption]
) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(clock.now().timestamp()),
        leeway=_LEEWAY,
        iss=_exactly(provider.issuer),
        aud=_exactly(provider.client_id),
        exp={"essential": True},
        iat={"essential": True},
        **required,
    )


def _exactly(value: str) -> jwt.ClaimsOption:
    return {"essential": True, "value": value}


def _verified(provider: OidcProvider, token: str) -> dict[str, Any]:
    """Check the signature; a key we have not seen is asked for anew, the issuer may have turned."""
    try:
        return _decoded(provider, token, _keys(provider))
    except (InvalidKeyIdError, ValueError):
        return _decoded(provider, token, _keys(provider, anew=True))


def _decoded(provider: OidcProvider, token: str, keys: jwk.KeySet) -> dict[str, Any]:
    return dict(jwt.decode(token, keys, algorithms=list(provider.algorithms)).claims)


def _keys(provider: OidcProvider, *, anew: bool = False) -> jwk.KeySet:
    kept = f"oidc-keys:{provider.issuer}"
    found = cache.get(kept)
    may_ask = cache.add(f"{kept}:asked", 1, _KEYS_AGAIN_AFTER) if anew else True
    if found is None or (anew and may_ask):
        found = http.get_json(endpoints(provider).keys)
        cache.set(kept, found, _KEYS_SECONDS)
    return jwk.KeySet.import_key_set(_for_signatures(found))


def _for_signatures(published: Mapping[str, Any]) -> Any:
    keys = [key for key in published.get("keys", []) if key.get("use", "sig") == "sig"]
    return {"keys": keys}
