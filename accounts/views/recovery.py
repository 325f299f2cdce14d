"""A forgotten password; nobody learns here who is a user and who is not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms import NewPasswordForm, RecoveryForm
from accounts.throttling import spend_recovery

PAGE = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(PAGE)
def recovery(request: HttpRequest) -> HttpResponse:
    """Take a login name; the answer is the same for every one."""
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        spend_recovery(request)
        services.request_recovery(form.cleaned_data["username"])
        return render(request, "accounts/recovery_sent.html")
    return render(request, "accounts/recovery.html", {"form": form})


@never_cache
@sensitive_post_parameters()
@require_http_methods(PAGE)
def recovery_password(request: HttpRequest, token: str) -> HttpResponse:
    """Take a new password from whoever has the link; the session does not begin by it."""
    user = services.recovering_user(token)
    if user is None:
        return render(request, "accounts/confirm_email_failed.html", status=410)
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not services.recover(token, form.cleaned_data["new"]):
            return render(request, "accounts/confirm_email_failed.html", status=410)
        messages.success(request, gettext("The password is changed. Sign in with it."))
        return redirect("accounts:sign-in")
    return render(request, "accounts/recovery_password.html", {"form": form})
