"""What is asked on the first visit and from time to time: the rules, the address."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import services, stepup, tasks
from accounts.forms import EmailForm, RulesForm
from accounts.models import User
from accounts.requests import PersonRequest
from imas.kernel import clock
from imas.kernel.errors import ThrottledError

PAGE = ["GET", "HEAD", "POST"]
_TOO_MANY = gettext_lazy("Too many letters have been sent within the hour. Try again later.")


@require_http_methods(PAGE)
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules of use and take their acceptance."""
    user = cast("PersonRequest", request).user
    version = settings.RULES_VERSION
    form = RulesForm(request.POST or None, initial={"version": version})
    if request.method == "POST" and form.is_valid() and form.cleaned_data["version"] == version:
        services.accept_rules(user, version)
        return redirect("representation:home")
    return render(request, "accounts/rules.html", {"form": form, "version": version})


@require_GET
def rules_again(request: HttpRequest) -> HttpResponse:
    """Show the rules in force to somebody who has accepted them."""
    return render(request, "accounts/rules_again.html", {"version": settings.RULES_VERSION})


@require_http_methods(PAGE)
@stepup.identity_demanded
def email(request: HttpRequest) -> HttpResponse:
    """Take an address and send it a link; while one is under way, say so."""
    user = cast("PersonRequest", request).user
    pending = user.confirmations.waiting(clock.now()).first()
    address = pending.email if pending else user.email
    form = EmailForm(request.POST or None, initial={"email": address})
    if request.method == "POST" and form.is_valid() and _send_link(user, form):
        return redirect("accounts:email")
    state = {"form": form, "pending": pending, "is_renewal": user.email_confirmed_at is not None}
    return render(request, "accounts/email.html", state)


def _send_link(user: User, form: EmailForm) -> bool:
    try:
        confirmation = services.request_email_confirmation(user, form.cleaned_data["email"])
    except ThrottledError:
        form.add_error("email", str(_TOO_MANY))
        return False
    tasks.send_confirmation.delay_on_commit(str(confirmation.pk))
    return True


@never_cache
@require_http_methods(PAGE)
def undo_email(request: HttpRequest, token: str) -> HttpResponse:
    """Give the former address back to whoever has not asked for a new one."""
    if request.method != "POST":
        return render(request, "accounts/undo_email.html")
    if services.undo_new_email(token) is None:
        return render(request, "accounts/confirm_email_failed.html", status=410)
    messages.success(request, gettext("The former address is back, and everybody is signed out."))
    messages.warning(request, gettext("Change the password: somebody else may know it."))
    return redirect("accounts:sign-in")


@never_cache
@require_http_methods(PAGE)
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; only pressing it uses the link, so that a mail scanner does not."""
    if request.method != "POST":
        return render(request, "accounts/confirm_email.html")
    confirmed = services.confirm_email(token)
    if confirmed is None:
        return render(request, "accounts/confirm_email_failed.html", status=410)
    messages.success(request, gettext("The e-mail address is confirmed."))
    is_here = request.user.pk == confirmed.pk
    return redirect("representation:home" if is_here else "accounts:sign-in")
