"""What people keep about themselves."""

from typing import cast

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views import i18n
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services, stepup
from accounts.forms import ContactForm, PasswordForm
from accounts.models import User
from accounts.requests import PersonRequest
from imas.web import sms

PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE)
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change contact data and language."""
    user = cast("PersonRequest", request).user
    initial = {"language": user.language}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.save_contact_data(user, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("accounts:profile")
    page = {"form": form, "takes_phones": sms.is_open()}
    return render(request, "accounts/profile.html", page)


@sensitive_post_parameters()
@require_http_methods(PAGE)
@stepup.second_factor_demanded_if_any
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; the person stays signed in here and nowhere else."""
    person = cast("PersonRequest", request)
    form = PasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(person.user, form.cleaned_data["new"], request.session)
        auth.update_session_auth_hash(request, person.user)
        services.note_use(request.session)
        messages.success(request, gettext("The password is changed."))
        return redirect("accounts:security")
    return render(request, "accounts/password.html", {"form": form})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language: kept on the person, in a cookie for strangers."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        services.choose_language(request.user, language)
    answer: HttpResponse = i18n.set_language(request)
    return answer
