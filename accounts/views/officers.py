"""Officers' pages: applications of foreign nationals, and the decisions about them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import scans, selectors, services
from accounts.application_forms import ApplicationsForm, ApprovalForm, DeclineForm
from accounts.application_words import KINDS, STATES, TONES
from accounts.consequences import consequences_of
from accounts.forms import LANGUAGES
from accounts.messages import means_words
from accounts.models import ForeignApplication, User
from accounts.officers import require_officer
from accounts.stepup import demand_second_factor
from accounts.types import ApplicationState, IdentifierKind
from imas.kernel.errors import DomainError
from imas.web.countries import country_name
from imas.web.messages import words_for
from imas.web.paging import Keyset

LATEST = Keyset("created_at", "id", descending=True)


@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """List the applications, those that wait first asked for."""
    require_officer(request.user)
    asked = request.GET if "state" in request.GET else {**request.GET.dict(), "state": "waiting"}
    form = ApplicationsForm(asked)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = selectors.applications(**wanted)
    page = LATEST.page(found, request.GET.get("cursor", ""))
    rows = [_shown(application) for application in page.rows]
    return render(request, "accounts/applications.html", {"form": form, "rows": rows, "page": page})


@require_safe
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show one application with what an officer should know before deciding."""
    officer = require_officer(request.user)
    found = services.find_application(officer, application_id)
    return _page(request, found)


@require_http_methods(["POST"])
def application_approve(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Make the applicant a user."""
    officer = require_officer(request.user)
    if answer := demand_second_factor(request):
        return answer
    form = ApprovalForm(request.POST)
    if form.is_valid() and _approved(officer, application_id, form):
        messages.success(request, gettext("Approved. A link to set the password is on its way."))
        return redirect("accounts:application", application_id=application_id)
    return _page(request, services.find_application(officer, application_id), approval=form)


@require_http_methods(["POST"])
def application_decline(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Decline, with the reason that the applicant gets."""
    officer = require_officer(request.user)
    if answer := demand_second_factor(request):
        return answer
    form = DeclineForm(request.POST)
    if form.is_valid():
        services.decline_application(officer, application_id, form.cleaned_data["reason"])
        messages.success(request, gettext("Declined. The reason is on its way to the applicant."))
        return redirect("accounts:application", application_id=application_id)
    return _page(request, services.find_application(officer, application_id), declining=form)


@require_POST
def application_link(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Send another link to set the password."""
    services.send_welcome_again(require_officer(request.user), application_id)
    messages.success(request, gettext("Another link is on its way; the earlier ones are void."))
    return redirect("accounts:application", application_id=application_id)


@require_safe
def application_scan(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Give the scan, always to be saved: what strangers have sent is never shown by the browser."""
    kind, content = services.scan_of(require_officer(request.user), application_id)
    name = f"{str(application_id)[:8]}{scans.SUFFIXES[kind]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


def _approved(officer: User, application_id: UUID, form: ApprovalForm) -> bool:
    try:
        services.approve_application(officer, application_id, form.cleaned_data["login_name"])
    except DomainError as refusal:
        if refusal.code != "login-name-taken":
            raise
        title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
        form.add_error("login_name", f"{title}. {detail}")
        return False
    return True


def _page(request: HttpRequest, found: ForeignApplication, **forms: Any) -> HttpResponse:
    alike = services.likenesses_of(found)
    page = {
        **_shown(found),
        "language": dict(LANGUAGES)[found.language],
        "means": means_words(found.proved_by) if found.proved_by else "",
        "known": alike.person,
        "gains": consequences_of(found.code_hash),
        "others": [_shown(one) for one in alike.applications],
        "is_waiting": found.state == ApplicationState.WAITING,
        "may_resend": found.user is not None and not found.user.has_usable_password(),
        "approval": ApprovalForm(initial={"login_name": services.propose_login_name(found)}),
        "declining": DeclineForm(),
        **forms,
    }
    return render(request, "accounts/application.html", page)


def _shown(application: ForeignApplication) -> dict[str, Any]:
    state = ApplicationState(application.state)
    return {
        "application": application,
        "state": STATES[state],
        "tone": TONES[state],
        "country": country_name(application.country),
        "kind": KINDS[IdentifierKind(application.kind)],
    }
