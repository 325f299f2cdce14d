"""The authorization server for our house-mates: one flow, nothing optional.

Authlib judges requests; what it leaves open is closed here: PKCE with S256, `nonce` and an exact
redirect address always, a code of use once within a minute.
"""

from datetime import timedelta
from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from django.conf import settings
from django.http import HttpRequest

from accounts import sessions
from accounts.models import AuthorizationCode, RelyingParty, SharedSession, User
from accounts.models.sso import token_hash
from accounts.services import sharing
from accounts.sso import keys
from accounts.sso.claims import claims_of
from imas.kernel import clock

_CODE_LASTS = timedelta(minutes=1)
TOKEN_LASTS = timedelta(minutes=5)


class _Server(AuthorizationServer):  # type: ignore[misc]  # authlib has no types
    def __init__(self) -> None:
        super().__init__(RelyingParty, AuthorizationCode)

    def query_client(self, client_id: str) -> RelyingParty | None:
        return RelyingParty.objects.filter(client_id=client_id, is_active=True).first()

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        code = request.authorization_code
        code.access_hash = token_hash(token["access_token"])
        code.expires_at = clock.now() + TOKEN_LASTS
        code.save(update_fields=["access_hash", "expires_at"])


class _CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # authlib has no types
    def save_authorization_code(self, code: str, request: Any) -> None:
        asked, now = request.payload.data, clock.now()
        browser: HttpRequest = request._request  # noqa: SLF001 - the request it was made of
        shared = sharing.share(browser.session, request.user)
        AuthorizationCode.objects.create(
            sharing=sharing.let_in(shared, request.client),
            code_hash=token_hash(code),
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            nonce=asked["nonce"][:200],
            code_challenge=asked["code_challenge"],
            acr=sessions.means_of(browser.session).assurance,
            created_at=now,
            expires_at=now + _CODE_LASTS,
        )

    def query_authorization_code(self, code: str, client: RelyingParty) -> Any:
        """Take a code, once; a code that comes twice was stolen once, so its token dies too."""
        now = clock.now()
        rows = AuthorizationCode.objects.select_related("sharing__session__user")
        given = rows.filter(code_hash=token_hash(code), sharing__party=client).first()
        if given is None or given.sharing.session.ended_at:
            return None
        itself = AuthorizationCode.objects.filter(pk=given.pk)
        if itself.filter(used_at=None, expires_at__gt=now).update(used_at=now) != 1:
            itself.update(access_hash="")
            return None
        return given

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        """Keep it: it is used up, and holds the token."""

    def authenticate_user(self, authorization_code: AuthorizationCode) -> User | None:
        user = authorization_code.sharing.session.user
        return user if user.is_active else None


class _Challenge(CodeChallenge):  # type: ignore[misc]  # authlib has no types
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        asked = grant.request.payload.data
        if not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with S256 is needed.")
        super().validate_code_challenge(grant, redirect_uri)


class _IdToken(OpenIDCode):  # type: ignore[misc]  # authlib has no types
    def exists_nonce(self, nonce: str, request: Any) -> bool:
        party = request.payload.client_id
        return AuthorizationCode.objects.filter(nonce=nonce, sharing__party=party).exists()

    def resolve_client_private_key(self, _client: RelyingParty) -> Any:
        return keys.signing_key()

    def get_encode_header(self, _client: RelyingParty) -> dict[str, Any]:
        return {"alg": keys.ALGORITHM, "kid": keys.signing_key().kid}

    def get_client_claims(self, client: RelyingParty) -> dict[str, Any]:
        now = int(clock.now().timestamp())
        lasts = int(TOKEN_LASTS.total_seconds())
        return {"iss": settings.SITE_URL, "aud": client.client_id, "iat": now, "exp": now + lasts}

    def get_authorization_code_claims(
        self, authorization_code: AuthorizationCode
    ) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_authorization_code_claims(authorization_code)
        shared = authorization_code.sharing.session
        party = authorization_code.sharing.party_id
        return {
            **claims,
            **claims_of(shared.user, party, authorization_code.scope),
            "sid": str(shared.pk),
        }

    def generate_user_info(self, _user: User, _scope: str) -> dict[str, Any]:
        return {}


def make_server() -> _Server:
    """Return the server, which keeps nothing between requests."""
    server = _Server()
    server.register_grant(_CodeGrant, [_Challenge(required=True), _IdToken(require_nonce=True)])
    return server


def told_by(access_token: str) -> dict[str, Any] | None:
    """Return the claims an access token opens; None when it opens nothing (any more)."""
    code = (
        AuthorizationCode.objects.filter(
            access_hash=token_hash(access_token),
            expires_at__gt=clock.now(),
            sharing__session__ended_at=None,
        )
        .select_related("sharing__session__user")
        .first()
    )
    if not access_token or code is None:
        return None
    shared: SharedSession = code.sharing.session
    return claims_of(shared.user, code.sharing.party_id, code.scope)
