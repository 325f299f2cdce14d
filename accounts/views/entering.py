"""The ways in and the way out."""

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services, stepup
from accounts.forms import PasskeyForm, SignInForm
from accounts.models import User
from accounts.services import passkeys
from accounts.types import BY_PASSKEY
from accounts.views.proving import PASSKEY_REFUSED, QUESTION
from imas.web.addresses import is_ours

PAGE = ["GET", "HEAD", "POST"]
_WRONG = gettext_lazy("The login name or the password is not right.")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(PAGE)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Take a name and a password."""
    if request.user.is_authenticated:
        return redirect(_destination(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if services.sign_in(request, typed["username"], typed["password"]):
            return way_in(request)
        form.add_error(None, str(_WRONG))
    state = {"form": form, "next": _next(request), "providers": _providers()}
    return render(request, "accounts/sign_in.html", state)


@never_cache
@require_http_methods(PAGE)
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """Let the browser say who it is; no name is typed, so none can be guessed."""
    if request.user.is_authenticated:
        return redirect(_destination(request))
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        state = request.session.pop(QUESTION, {})
        user = passkeys.prove_by_passkey(state, form.cleaned_data["answer"])
        if user and services.enter(request, user, BY_PASSKEY):
            return way_in(request)
        form.add_error(None, str(PASSKEY_REFUSED))
    options, request.session[QUESTION] = passkeys.ask_for_passkey()
    query = urlencode({"next": _next(request)})
    page = {"form": form, "options": options, "query": query, "url": f"?{query}"}
    return render(request, "accounts/sign_in_passkey.html", page)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; what pages have kept in the browser goes with it."""
    if isinstance(request.user, User):
        services.leave(request.session, request.user)
    auth.logout(request)
    messages.success(request, gettext("You have signed out."))
    answer = redirect("accounts:sign-in")
    answer["Clear-Site-Data"] = '"storage"'
    return answer


def way_in(request: HttpRequest, wanted: str = "") -> HttpResponse:
    """Lead on after `services.enter`: to the page that was wanted, when it is one of ours.

    Whoever still owes a second factor proves it first.
    """
    wanted = wanted if is_ours(request, wanted) else _destination(request)
    if not services.entering(request):
        return redirect(wanted)
    stepup.want(request.session, resolve_url(wanted))
    return redirect("accounts:second-factor")


def _providers() -> list[tuple[str, str]]:
    language = get_language() or settings.LANGUAGE_CODE
    return [(one.key, one.words(language)) for one in settings.IDENTITY_PROVIDERS]


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if is_ours(request, wanted) else ""


def _destination(request: HttpRequest) -> str:
    return _next(request) or settings.LOGIN_REDIRECT_URL
