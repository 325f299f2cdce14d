"""Proving the second factor: at the door, and before a weighty act (step-up)."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import services, stepup
from accounts.forms import CodeForm, IdentityForm, PasskeyForm, RecoveryCodeForm
from accounts.models import User
from accounts.requests import PersonRequest
from accounts.selectors import factors_of, has_second_factor
from accounts.services import passkeys
from accounts.throttling import count_wrong_factor, refuse_if_closed

PAGE = ["GET", "HEAD", "POST"]
QUESTION = "passkey_question"
"""Where the session keeps what a passkey was asked, until it answers."""
PASSKEY_REFUSED = gettext_lazy("The passkey was not accepted. Try again, or choose another way.")
_WRONG_CODE = gettext_lazy(
    "The code is not right or has been used already. Wait until the app shows the next one."
)
_WRONG_RECOVERY = gettext_lazy("The code is not right or has been used already.")


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(PAGE)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Take a code from the app; offer the other ways."""
    user = _person(request)
    if user is None:
        return redirect("accounts:sign-in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refuse_if_closed(request, user)
        if services.prove_by_totp(user, form.cleaned_data["code"]):
            return _proved(request)
        count_wrong_factor(request, user)
        form.add_error("code", str(_WRONG_CODE))
    return _ways(request, user, form)


@never_cache
@require_POST
def second_factor_passkey(request: HttpRequest) -> HttpResponse:
    """Take the answer of a passkey."""
    user = _person(request)
    if user is None:
        return redirect("accounts:sign-in")
    form, state = PasskeyForm(request.POST), request.session.pop(QUESTION, {})
    if form.is_valid() and passkeys.prove_by_passkey(state, form.cleaned_data["answer"], user):
        return _proved(request)
    form.add_error(None, str(PASSKEY_REFUSED))
    return _ways(request, user, form)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(PAGE)
def second_factor_recovery(request: HttpRequest) -> HttpResponse:
    """Take a recovery code from somebody who has nothing else at hand."""
    user = _person(request)
    if user is None:
        return redirect("accounts:sign-in")
    form = RecoveryCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refuse_if_closed(request, user)
        if services.prove_by_recovery_code(user, form.cleaned_data["code"]):
            return _proved(request)
        count_wrong_factor(request, user)
        form.add_error("code", str(_WRONG_RECOVERY))
    return render(request, "accounts/second_factor_recovery.html", {"form": form})


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(PAGE)
def identity(request: HttpRequest) -> HttpResponse:
    """Ask for the password again of somebody who has no second factor."""
    user = cast("PersonRequest", request).user
    form = IdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if services.is_password_of(request, user, form.cleaned_data["password"]):
            stepup.confirm_identity(request.session)
            return stepup.go_on(request, "accounts:security")
        form.add_error("password", gettext("This is not your password."))
    page = {"form": form, "has_password": user.has_usable_password()}
    return render(request, "accounts/identity.html", page)


@never_cache
@require_GET
def send_again(request: HttpRequest) -> HttpResponse:
    """Offer the act that waited for the second factor: one button does it."""
    act = stepup.take_act(request.session)
    if act is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    address, fields = act
    return render(request, "accounts/send_again.html", {"address": address, "fields": fields})


def _person(request: HttpRequest) -> User | None:
    """Who is at the door, or has signed in and has a second factor; None: nobody to ask."""
    if who := services.entering(request):
        return who.user
    user = request.user
    return user if isinstance(user, User) and has_second_factor(user) else None


def _proved(request: HttpRequest) -> HttpResponse:
    """Begin the session of whoever was at the door; else note the step-up under a new key."""
    if who := services.entering(request):
        services.finish_entering(request, who)
    else:
        request.session.cycle_key()
        services.note_use(request.session)
        stepup.confirm(request.session)
    return stepup.go_on(request, settings.LOGIN_REDIRECT_URL)


def _ways(request: HttpRequest, user: User, form: CodeForm | PasskeyForm) -> HttpResponse:
    factors = factors_of(user)
    options = None
    if factors.passkeys:
        options, request.session[QUESTION] = passkeys.ask_for_passkey(user)
    page = {
        "form": form if isinstance(form, CodeForm) else CodeForm(),
        "passkey_form": form if isinstance(form, PasskeyForm) else PasskeyForm(),
        "factors": factors,
        "options": options,
        "is_entering": services.entering(request) is not None,
    }
    return render(request, "accounts/second_factor.html", page)
