"""Consent to e-waybills: how it stands, given, withdrawn."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.stepup import identity_demanded
from imas.kernel.errors import UnprocessableError
from imas.web.messages import words_for
from ivaz import selectors
from ivaz.forms.consents import ConsentForm
from ivaz.pages.consents import history, standings
from ivaz.services import consenting
from ivaz.types import Role
from representation.requests import PortalRequest
from representation.types import Acting


@require_GET
def consents(request: HttpRequest) -> HttpResponse:
    """Show in which roles the taxpayer takes e-waybills."""
    return _page(request)


@require_POST
@identity_demanded
def consent_give(request: HttpRequest, consent_role: str) -> HttpResponse:
    """Consent in a role, from a day on."""
    role = Role(consent_role)
    form = ConsentForm(request.POST, auto_id=f"id_{role}_%s")
    if form.is_valid():
        try:
            consenting.give(_acting(request), role, form.cleaned_data["since"])
        except UnprocessableError as refusal:
            title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
            form.add_error("since", f"{title}. {detail}")
        else:
            messages.success(request, _("The consent is given."))
            return redirect("ivaz:consents")
    return _page(request, (role, form))


@require_POST
@identity_demanded
def consent_withdraw(request: HttpRequest, consent_role: str) -> HttpResponse:
    """Withdraw the consent of a role."""
    consenting.withdraw(_acting(request), Role(consent_role))
    messages.success(request, _("The consent is withdrawn; it holds no more."))
    return redirect("ivaz:consents")


def _page(request: HttpRequest, sent: tuple[Role, ConsentForm] | None = None) -> HttpResponse:
    acting = _acting(request)
    acting.require(consenting.RIGHT)
    found = selectors.consents_of(acting)
    context = {
        "standings": standings(found, sent),
        "history": history(found),
        "may_change": acting.may_wholly(consenting.RIGHT),
    }
    return render(request, "ivaz/consents.html", context)


def _acting(request: HttpRequest) -> Acting:
    return cast("PortalRequest", request).acting
