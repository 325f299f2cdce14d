"""Asking to postpone the deadline of a period, and the officers' pages that decide on it."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.stepup import demand_second_factor
from imas.kernel.errors import UnprocessableError
from imas.kernel.periods import Period
from imas.web.exports import stored_file
from imas.web.messages import words_for
from isaf.forms.postponements import DecisionForm, PostponeForm
from isaf.models import Postponement, PostponementState
from isaf.selectors import postponements
from isaf.services import postponing
from representation.requests import PortalRequest
from representation.services.officers import officer_of


@require_http_methods(["GET", "POST"])
def postpone(request: HttpRequest, period: Period) -> HttpResponse:
    """Take the reasoned request to postpone the deadline of a period."""
    acting = cast("PortalRequest", request).acting
    postponing.require_asking(acting, period)
    is_sent = request.method == "POST"
    form = PostponeForm(request.POST, request.FILES) if is_sent else PostponeForm()
    if is_sent and form.is_valid():
        try:
            made = postponing.ask(acting, period, **form.cleaned_data)
        except UnprocessableError as refusal:
            form.add_error("until", _in_words(refusal))
        else:
            messages.success(request, _("The request has been sent."))
            return redirect("isaf:postponement", made.pk)
    return render(request, "isaf/postpone.html", {"form": form, "period": period})


@require_GET
def postponement(request: HttpRequest, postponement_id: UUID) -> HttpResponse:
    """Show how a request stands."""
    acting = cast("PortalRequest", request).acting
    found = postponements.find_request(acting, postponement_id)
    may_withdraw = found.state == PostponementState.ASKED and acting.may_wholly(postponing.RIGHT)
    context = {"request_": found, "may_withdraw": may_withdraw, "files": found.files.all()}
    return render(request, "isaf/postponement.html", context)


@require_POST
def postponement_withdraw(request: HttpRequest, postponement_id: UUID) -> HttpResponse:
    """Take a request back."""
    found = postponing.withdraw(cast("PortalRequest", request).acting, postponement_id)
    messages.success(request, _("The request has been taken back."))
    return redirect("isaf:postponement", found.pk)


@require_GET
def postponement_file(
    request: HttpRequest, postponement_id: UUID, postponement_file_id: int
) -> FileResponse:
    """Give the taxpayer a file of a request; a browser saves it and never shows it."""
    acting = cast("PortalRequest", request).acting
    return _file(postponements.find_request(acting, postponement_id), postponement_file_id)


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """List what waits for an officer, the oldest first."""
    officer_of(request.user)
    page = postponements.waiting_page(request.GET.get("at", ""))
    return render(request, "isaf/postponement_desk.html", {"page": page})


@require_http_methods(["GET", "POST"])
def desk_decide(request: HttpRequest, postponement_id: UUID) -> HttpResponse:
    """Show an officer a request; keep the decision."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    found = postponements.any_request(postponement_id)
    form = DecisionForm(request.POST or None, initial={"granted_until": f"{found.until}"})
    if request.method == "POST" and form.is_valid():
        try:
            postponing.decide(
                officer,
                postponement_id,
                granted_until=form.cleaned_data["granted_until"],
                answer=form.cleaned_data["answer"],
            )
        except UnprocessableError as refusal:
            form.add_error("granted_until", _in_words(refusal))
        else:
            messages.success(request, _("The decision has been sent to the taxpayer."))
            return redirect("isaf:postponement-desk")
    context = {"request_": found, "form": form, "files": found.files.all()}
    return render(request, "isaf/postponement_decide.html", context)


@require_GET
def desk_file(
    request: HttpRequest, postponement_id: UUID, postponement_file_id: int
) -> FileResponse:
    """Give an officer a file of a request."""
    officer_of(request.user)
    return _file(postponements.any_request(postponement_id), postponement_file_id)


def _file(found: Postponement, postponement_file_id: int) -> FileResponse:
    return stored_file(postponements.file_of(found, postponement_file_id))


def _in_words(refusal: UnprocessableError) -> str:
    title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
    return f"{title}. {detail}"
