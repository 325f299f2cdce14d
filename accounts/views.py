"""Pages of a person's account: one thing on each."""

from typing import cast

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import services, tasks
from accounts.forms import ContactForm, EmailForm, PasswordForm, RulesForm, SignInForm
from accounts.models import User
from accounts.requests import PersonRequest
from imas.kernel import clock
from imas.kernel.errors import ThrottledError

PAGE = ["GET", "HEAD", "POST"]
_WRONG = gettext_lazy("The login name or the password is not right.")
_TOO_MANY = gettext_lazy("Too many letters have been sent within the hour. Try again later.")


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


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    auth.logout(request)
    messages.success(request, gettext("You have signed out."))
    return redirect("accounts:sign-in")


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


@require_http_methods(PAGE)
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


@require_http_methods(PAGE)
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change contact data and language."""
    user = cast("PersonRequest", request).user
    initial = {"phone": user.phone, "language": user.language}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.save_contact_data(user, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


@sensitive_post_parameters()
@require_http_methods(PAGE)
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; the person stays signed in here and nowhere else."""
    person = cast("PersonRequest", request)
    form = PasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(person.user, form.cleaned_data["new"])
        auth.update_session_auth_hash(request, person.user)
        messages.success(request, gettext("The password is changed."))
        return redirect("accounts:profile")
    return render(request, "accounts/password.html", {"form": form})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language: kept on the person, in a cookie for strangers."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        services.choose_language(request.user, language)
    answer: HttpResponse = i18n.set_language(request)
    return answer


@require_GET
def rules_again(request: HttpRequest) -> HttpResponse:
    """Show the rules in force to somebody who has accepted them."""
    return render(request, "accounts/rules_again.html", {"version": settings.RULES_VERSION})


def way_in(request: HttpRequest, wanted: str = "") -> HttpResponse:
    """Lead on after `services.enter`: to the page that was wanted, when it is one of ours."""
    return redirect(wanted if _is_ours(request, wanted) else _destination(request))


def _providers() -> list[tuple[str, str]]:
    language = get_language() or settings.LANGUAGE_CODE
    return [(one.key, one.words(language)) for one in settings.IDENTITY_PROVIDERS]


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if _is_ours(request, wanted) else ""


def _is_ours(request: HttpRequest, wanted: str) -> bool:
    return url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def _destination(request: HttpRequest) -> str:
    return _next(request) or settings.LOGIN_REDIRECT_URL
