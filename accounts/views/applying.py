"""Foreign nationals apply for access; nobody learns here who is a user and who is not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import applicants, services, tasks
from accounts.application_forms import ApplicantForm, ApplicationForm, ProvedApplicantForm
from accounts.forms import NewPasswordForm
from accounts.services import Applicant
from accounts.throttling import spend_application
from accounts.uploads import ScanHandler
from imas.web.countries import country_name

PAGE = ["GET", "HEAD", "POST"]


@csrf_exempt  # what takes the file must stand before anything reads the form; `_apply` is protected
@never_cache
@require_http_methods(PAGE)
def apply(request: HttpRequest) -> HttpResponse:
    """Take an application; the answer is the same whoever applies."""
    request.upload_handlers = [ScanHandler(request)]
    return _apply(request)


@csrf_protect
@sensitive_post_parameters()
def _apply(request: HttpRequest) -> HttpResponse:
    proved = applicants.proved(request.session)
    form = _form(request, proved)
    if request.method == "POST" and form.is_valid():
        spend_application(request)
        if letter := services.apply_for_access(form.applicant(), form.content()):
            tasks.send_applicant_letter.delay_on_commit(str(letter.pk))
        applicants.forget(request.session)
        return render(request, "accounts/apply_sent.html")
    country = country_name(proved.code.country) if proved else ""
    page = {"form": form, "proved": proved, "country": country}
    return render(request, "accounts/apply.html", page)


@never_cache
@require_http_methods(PAGE)
def apply_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; only pressing it uses the link, so that a mail scanner does not."""
    if request.method != "POST":
        return render(request, "accounts/apply_confirm.html")
    application = services.confirm_application(token)
    if application is None:
        return render(request, "accounts/apply_failed.html", status=410)
    return render(request, "accounts/apply_waiting.html", {"application": application})


@never_cache
@sensitive_post_parameters()
@require_http_methods(PAGE)
def first_password(request: HttpRequest, token: str) -> HttpResponse:
    """Take the first password of somebody who has been approved; nobody is signed in by it."""
    letter = services.welcomed(token)
    if letter is None:
        return render(request, "accounts/apply_failed.html", status=410)
    form = NewPasswordForm(letter.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not services.set_first_password(token, form.cleaned_data["new"]):
            return render(request, "accounts/apply_failed.html", status=410)
        messages.success(request, gettext("The password is set. Sign in with it."))
        return redirect("accounts:sign-in")
    page = {"form": form, "login_name": letter.user.login_name}
    return render(request, "accounts/first_password.html", page)


def _form(request: HttpRequest, proved: Applicant | None) -> ApplicantForm:
    language = "lt" if get_language() == "lt" else "en"
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if proved:
        return ProvedApplicantForm(proved, *posted, initial={"language": language})
    return ApplicationForm(*posted, initial={"language": language})
