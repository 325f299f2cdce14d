"""Whom a firm represents: what clients offer it, what it passes on, what it asks for."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest
from accounts.stepup import second_factor_demanded
from imas.kernel import clock
from representation import selectors, services
from representation.mandate_forms import NewRepresentativeForm, RequestForm
from representation.models import Mandate
from representation.requests import PortalRequest
from representation.services.granting import MANAGE
from representation.types import Acting
from representation.views.showing import broken_of, offered_words, send_offer, shown, tried

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """List the mandates the firm holds or waits for, with those passed on."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    held = selectors.held_by_firm(acting.taxpayer_id, clock.today())
    passed = selectors.passed_on_by(acting.taxpayer_id, clock.today())
    broken = broken_of([*held, *(one for below in passed.values() for one in below)])
    page = {
        "held": [
            {
                **shown(one),
                "broken": broken.get(one.pk),
                "passed": [(below, broken.get(below.pk)) for below in passed.get(one.pk, [])],
            }
            for one in held
        ],
        "waiting": [shown(one) for one in selectors.waiting_for_firm(acting.taxpayer_id)],
    }
    return render(request, "representation/clients_held.html", page)


@sensitive_post_parameters("personal_code", "foreign_code")
@require_http_methods(PAGE)
@second_factor_demanded
def pass_on(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Pass a client's mandate on to an employee or another firm."""
    acting = cast("PortalRequest", request).acting
    above = services.held_by(acting, mandate_id)
    rights, deepest = frozenset(above.rights), above.passing_on - 1
    initial = {"until": min(above.until, NewRepresentativeForm(rights).fields["until"].initial)}
    posted = request.POST or None
    form = NewRepresentativeForm(
        rights, posted, initial=initial, deepest=deepest, narrowing=above.narrowing
    )
    if request.method == "POST" and form.is_valid() and _passed_on(request, form, above):
        return redirect("representation:clients")
    page = {"form": form, "above": above}
    return render(request, "representation/pass_on.html", page)


@require_POST
@second_factor_demanded
def accept(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Accept what a client offers the firm."""
    services.answer_for_firm(cast("PortalRequest", request).acting, mandate_id, accept=True)
    messages.success(request, gettext("The mandate holds from now."))
    return redirect("representation:clients")


@require_POST
def decline(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Decline what a client offers the firm."""
    services.answer_for_firm(cast("PortalRequest", request).acting, mandate_id, accept=False)
    messages.success(request, gettext("The offer is declined."))
    return redirect("representation:clients")


@require_POST
def withdraw(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Take back a request, or an offer to an employee, that nobody has answered."""
    services.withdraw(cast("PortalRequest", request).acting, mandate_id)
    messages.success(request, gettext("It is taken back."))
    return redirect("representation:clients")


@require_POST
def renounce(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Give up a client's mandate, and with it all that was passed on."""
    services.renounce(cast("PortalRequest", request).acting, mandate_id)
    messages.success(request, gettext("The firm does not represent the taxpayer any more."))
    return redirect("representation:clients")


@require_POST
def end_passed_on(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Take back from an employee what was passed on."""
    services.end_passed_on(cast("PortalRequest", request).acting, mandate_id)
    messages.success(request, gettext("What was passed on is taken back."))
    return redirect("representation:clients")


@require_http_methods(PAGE)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask a taxpayer for a mandate, in one's own name or for the firm acted for."""
    person = cast("PersonRequest", request)
    acting: Acting | None = getattr(request, "acting", None)
    firm = acting if acting and acting.may(MANAGE) else None
    holders = [("person", gettext("for myself"))]
    if firm:
        holders.insert(0, ("firm", firm.taxpayer_name))
    form = RequestForm(holders, request.POST or None)
    if request.method == "POST" and form.is_valid() and _asked(person, firm, form):
        return redirect("representation:choose")
    return render(request, "representation/ask.html", {"form": form})


@require_http_methods(PAGE)
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link of a letter offers to the very person, and take the answer."""
    user = cast("PersonRequest", request).user
    mandates = services.offered_by_link(user, token)
    if not mandates:
        return render(request, "representation/offer_failed.html", status=410)
    if request.method != "POST":
        offers = [shown(one) for one in mandates]
        page = {"offer": offers[0], "offers": offers if len(offers) > 1 else []}
        return render(request, "representation/offer.html", page)
    accept_it = "accept" in request.POST
    services.answer_by_link(user, token, accept=accept_it)
    one, many = gettext("The mandate holds from now."), gettext("The mandates hold from now.")
    held = one if len(mandates) == 1 else many
    told = held if accept_it else gettext("You have declined.")
    messages.success(request, told)
    return redirect("representation:choose")


def _passed_on(request: HttpRequest, form: NewRepresentativeForm, above: Mandate) -> bool:
    acting = cast("PortalRequest", request).acting

    def give() -> None:
        mandate = services.pass_on(acting, above.pk, form.representative(), form.terms())
        send_offer(mandate)
        messages.success(request, offered_words(mandate))

    return tried(form, give)


def _asked(request: PersonRequest, firm: Acting | None, form: RequestForm) -> bool:
    holder = firm if form.cleaned_data["holder"] == "firm" else None
    code = form.cleaned_data["code"]
    if tried(form, lambda: services.request_mandate(request.user, holder, code, form.terms())):
        words = gettext("If there is such a taxpayer, the request is now waiting for its answer.")
        messages.success(request, words)
        return True
    return False
