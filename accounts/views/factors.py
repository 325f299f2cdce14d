"""Second factors of one's own: taken on, looked at, given up."""

from typing import cast

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import services, stepup
from accounts.forms import CodeForm, NewPasskeyForm
from accounts.models import TotpDevice
from accounts.requests import PersonRequest
from accounts.selectors import factors_of
from accounts.services import passkeys
from accounts.views.proving import PASSKEY_REFUSED, QUESTION
from imas.kernel.errors import NotFoundError

PAGE = ["GET", "HEAD", "POST"]


@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """Show by what the person signs in."""
    user = cast("PersonRequest", request).user
    return render(request, "accounts/security.html", {"factors": factors_of(user)})


@require_GET
def factor_choose(request: HttpRequest) -> HttpResponse:
    """Offer the second factors to somebody who needs one and has none."""
    page = {"is_wanted": stepup.is_wanted(request.session)}
    return render(request, "accounts/factor_choose.html", page)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(PAGE)
@stepup.identity_demanded
def totp(request: HttpRequest) -> HttpResponse:
    """Show the secret of a new app and take its first code."""
    user = cast("PersonRequest", request).user
    had_one = bool(factors_of(user))
    device = services.begin_totp(user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if services.confirm_totp(user, form.cleaned_data["code"]):
            return _taken_on(request, had_one=had_one)
        form.add_error("code", gettext("The code is not right. Check the clock of the device."))
    page = {"form": form, "secret": _in_fours(device.secret), "picture": _picture(device)}
    return render(request, "accounts/totp.html", page)


@require_POST
@stepup.second_factor_demanded
def totp_remove(request: HttpRequest) -> HttpResponse:
    """Give up the app."""
    services.remove_totp(cast("PersonRequest", request).user)
    messages.success(request, gettext("The app is not asked for any more."))
    return redirect("accounts:security")


@never_cache
@require_http_methods(PAGE)
@stepup.identity_demanded
def passkey_new(request: HttpRequest) -> HttpResponse:
    """Let the browser make a passkey, and keep it."""
    user = cast("PersonRequest", request).user
    had_one = bool(factors_of(user))
    form = NewPasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, state = form.cleaned_data, request.session.pop(QUESTION, {})
        if passkeys.add_passkey(user, state, typed["answer"], typed["name"]):
            return _taken_on(request, had_one=had_one)
        form.add_error(None, str(PASSKEY_REFUSED))
    options, request.session[QUESTION] = passkeys.begin_passkey(user)
    return render(request, "accounts/passkey_new.html", {"form": form, "options": options})


@require_POST
@stepup.second_factor_demanded
def passkey_remove(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Give up a passkey."""
    if not services.remove_passkey(cast("PersonRequest", request).user, passkey_id):
        raise NotFoundError("passkey-not-found")
    messages.success(request, gettext("The passkey opens nothing any more."))
    return redirect("accounts:security")


@never_cache
@require_POST
@stepup.second_factor_demanded
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them this once."""
    return _show_codes(request)


@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """Go on with what waited for a second factor."""
    return stepup.go_on(request, "accounts:security")


def _taken_on(request: HttpRequest, *, had_one: bool) -> HttpResponse:
    """The new factor has just been proved; with the first one come recovery codes."""
    stepup.confirm(request.session)
    if not had_one:
        return _show_codes(request)
    messages.success(request, gettext("Saved."))
    return stepup.go_on(request, "accounts:security")


def _show_codes(request: HttpRequest) -> HttpResponse:
    codes = services.new_recovery_codes(cast("PersonRequest", request).user)
    page = {"codes": "\n".join(codes), "is_wanted": stepup.is_wanted(request.session)}
    return render(request, "accounts/recovery_codes.html", page)


def _in_fours(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _picture(device: TotpDevice) -> str:
    """The address for the app as a picture to scan."""
    code = segno.make(services.totp_address(device), error="m", micro=False)
    words = gettext("Picture for the app: the same as the secret below")
    drawn = code.svg_inline(scale=5, border=2, light="#fff", dark="#000", title=words)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno, the address is only its dark squares
