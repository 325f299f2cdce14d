"""Addresses of single sign-on: what house-mates' servers and people's browsers ask."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Error
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from joserfc.errors import JoseError

from accounts import tasks
from accounts.models import RelyingParty, User
from accounts.services import sharing
from accounts.sso import keys
from accounts.sso.claims import scopes
from accounts.sso.server import make_server, told_by
from imas.kernel.errors import NotFoundError, UnprocessableError

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _when_on(view: View[P]) -> View[P]:
    """Hide an address where no key to sign with is set."""

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not keys.is_on():
            raise NotFoundError
        return view(request, *args, **kwargs)

    return shown


@require_GET
@_when_on
def description(_request: HttpRequest) -> HttpResponse:
    """Say what there is, for the other side's library."""
    url = settings.SITE_URL
    return JsonResponse(
        {
            "issuer": url,
            "authorization_endpoint": f"{url}/sso/authorize",
            "token_endpoint": f"{url}/sso/token",
            "userinfo_endpoint": f"{url}/sso/userinfo",
            "end_session_endpoint": f"{url}/sso/end",
            "jwks_uri": f"{url}/sso/keys",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [keys.ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": scopes(),
            "prompt_values_supported": ["none"],
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }
    )


@require_GET
@_when_on
def public_keys(_request: HttpRequest) -> HttpResponse:
    """Publish the keys our tokens are signed with."""
    return JsonResponse(keys.published())


@never_cache
@require_GET
@_when_on
def authorize(request: HttpRequest) -> HttpResponse:
    """Let a house-mate's visitor in by the session there is, or by one that begins now.

    Nobody is asked for consent: the systems are one authority's (VA-119, 10 p.).
    """
    server, user = make_server(), request.user if _is_ready(request) else None
    try:
        grant = server.get_consent_grant(request, end_user=user)
    except OAuth2Error as error:
        return _told_of(server, request, error)
    if user is None:
        return _to_readiness(request)
    answer: HttpResponse = server.create_authorization_response(
        grant.request, grant_user=user, grant=grant
    )
    return _passed_on(request, answer)


@csrf_exempt
@never_cache
@require_POST
@_when_on
def token(request: HttpRequest) -> HttpResponse:
    """Give a token for a code."""
    answer: HttpResponse = make_server().create_token_response(request)
    return answer


@never_cache
@require_GET
@_when_on
def userinfo(request: HttpRequest) -> HttpResponse:
    """Tell again what the token told."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    told = told_by(given.strip()) if scheme.lower() == "bearer" else None
    if told is None:
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return JsonResponse(told)


@never_cache
@require_GET
@_when_on
def end(request: HttpRequest) -> HttpResponse:
    """End the session everywhere at a house-mate's wish, when its token is of this session."""
    said = _hint(request.GET.get("id_token_hint", ""))
    party = RelyingParty.objects.filter(client_id=said.get("aud", "")).first()
    if party is None or said.get("sid") != request.session.get(sharing.SID):
        return redirect(_way_after(request, party) or "accounts:sign-in")
    tasks.tell_of(sharing.end_shared(str(said["sid"]), by=party.client_id))
    auth.logout(request)
    return redirect(_way_after(request, party) or "accounts:sign-in")


def _is_ready(request: HttpRequest) -> bool:
    return bool(getattr(request, "ready", False))


def _to_readiness(request: HttpRequest) -> HttpResponse:
    """Lead to signing in, or to the rules and the address of whoever has just signed in."""
    if isinstance(request.user, User):
        return redirect(settings.LOGIN_REDIRECT_URL)
    return redirect_to_login(request.get_full_path())


def _told_of(server: Any, request: HttpRequest, error: OAuth2Error) -> HttpResponse:
    """Tell the house-mate what is wrong, when it is known whom; else the person."""
    if not error.redirect_uri:
        raise UnprocessableError("sso-request-wrong")
    answer: HttpResponse = server.handle_error_response(
        server.create_oauth2_request(request), error
    )
    return _passed_on(request, answer)


def _passed_on(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Redirect, or from a form of ours show a page that goes on: forms may not lead elsewhere."""
    address = answer.headers.get("Location", "")
    if not address:
        raise UnprocessableError("sso-request-wrong")
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return render(request, "accounts/passed_on.html", {"address": address})
    return HttpResponseRedirect(address)


def _hint(token: str) -> dict[str, Any]:
    try:
        return keys.read(token)
    except (JoseError, ValueError):
        return {}


def _way_after(request: HttpRequest, party: RelyingParty | None) -> str:
    """Return where the house-mate wants people back, when it has told so before."""
    wanted = request.GET.get("post_logout_redirect_uri", "")
    if party is None or wanted not in party.after_logout_uris:
        return ""
    state = request.GET.get("state", "")
    return f"{wanted}?{urlencode({'state': state})}" if state else wanted
