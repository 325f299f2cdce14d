"""Coming in through OpenID Connect: authorization code, PKCE, `state`, `nonce`."""

import secrets
from collections.abc import Mapping
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from accounts.providers import http, types
from accounts.providers.configuring import OidcProvider
from accounts.providers.tokens import claims_of, endpoints, not_proved
from accounts.providers.types import Code, Proof
from accounts.types import Assurance, Means, MeansKind
from imas.kernel.errors import ForbiddenError, UnavailableError

NONCE, VERIFIER = "nonce", "verifier"


def new_secrets() -> dict[str, str]:
    """Return what binds one coming-in to its answer."""
    return {NONCE: secrets.token_urlsafe(32), VERIFIER: secrets.token_urlsafe(64)}


def way_out(provider: OidcProvider, state: str, kept: Mapping[str, str], back: str) -> str:
    """Return the address of the provider's own sign-in."""
    with _client(provider, back) as client:
        address, _ = client.create_authorization_url(
            endpoints(provider).authorization,
            state=state,
            code_verifier=kept[VERIFIER],
            nonce=kept[NONCE],
        )
    return str(address)


def proof(
    provider: OidcProvider, answer: Mapping[str, str], kept: Mapping[str, str], back: str
) -> Proof:
    """Return the person whom the provider's answer proves; refuse what it does not prove.

    `answer`: what the browser brought back; `kept`: the secrets of this coming-in.
    """
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise not_proved(provider, "other issuer")
    if answer.get("error"):
        raise ForbiddenError("sign-in-broken-off")
    token = _exchange(provider, answer.get("code", ""), kept[VERIFIER], back)
    claims = claims_of(provider, token, nonce=kept[NONCE])
    return Proof(
        means=_means(provider, claims),
        code=_code(provider, claims),
        first_name=str(claims.get(provider.first_name_claim, "")),
        last_name=str(claims.get(provider.last_name_claim, "")),
        makes_people=provider.makes_people,
        subject=str(claims["sub"]),
        session=str(claims.get("sid", "")),
    )


def _exchange(provider: OidcProvider, code: str, verifier: str, back: str) -> str:
    """Give the code for the signed token."""
    with _client(provider, back) as client:
        try:
            answer = client.fetch_token(
                endpoints(provider).token, code=code, code_verifier=verifier, **http.limits()
            )
        except AuthlibBaseError as error:
            raise not_proved(provider, str(error.error)) from error
        except requests.RequestException as error:
            raise UnavailableError("provider-silent") from error
    return str(answer.get("id_token", ""))


def _client(provider: OidcProvider, back: str) -> OAuth2Session:
    client = OAuth2Session(
        provider.client_id,
        provider.client_secret or None,
        token_endpoint_auth_method="client_secret_basic" if provider.client_secret else "none",
        scope=" ".join(provider.scopes),
        redirect_uri=back,
        code_challenge_method="S256",
    )
    client.trust_env = False
    return client


def _means(provider: OidcProvider, claims: Mapping[str, Any]) -> Means:
    level = provider.assurance
    acr = str(claims.get("acr", ""))
    if provider.acr:
        if acr not in provider.acr:
            raise ForbiddenError("assurance-too-low")
        level = provider.acr[acr]
    return Means(
        MeansKind.OIDC,
        provider.key,
        Assurance(level),
        two_factors=provider.two_factors,
        evidence={"acr": acr} if acr else {},
    )


def _code(provider: OidcProvider, claims: Mapping[str, Any]) -> Code:
    """Read the code from the first claim that holds one."""

    def said(name: str) -> str:
        value = claims.get(name, "") if name else ""
        return value if isinstance(value, str) else ""

    if number := said(provider.personal_code_claim):
        return types.personal(number)
    if identifier := said(provider.eidas_claim):
        return types.eidas(identifier)
    return types.foreign(said(provider.country_claim), said(provider.foreign_code_claim))
