"""i.MAS atstovai: who may do what, until when and why."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.stepup import second_factor_demanded
from imas.kernel import clock
from representation import selectors, services
from representation.forms import RepresentativeForm
from representation.mandate_forms import NewRepresentativeForm
from representation.messages import rights_by_subsystem
from representation.models import Mandate
from representation.outside import name_in, outside_grants_of
from representation.requests import PortalRequest
from representation.rights import RIGHTS
from representation.services.granting import MANAGE
from representation.views.four_eyes import waiting_for_second
from representation.views.showing import (
    accepted_words,
    broken_of,
    offered_words,
    saved_words,
    send_offer,
    shown,
    tried,
)

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def representatives(request: HttpRequest) -> HttpResponse:
    """List the people and their rights."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    people = selectors.representatives_of(acting.taxpayer_id, clock.today())
    rows = [
        {
            "person": person,
            "cells": [(right, label, person.whys.get(right)) for right, label in _heads()],
        }
        for person in people
    ]
    services.journal_view(acting, "representation.representatives-seen")
    page = {
        "rows": rows,
        "groups": rights_by_subsystem(RIGHTS),
        "firms": [shown(one) for one in selectors.firms_of(acting.taxpayer_id, clock.today())],
        "outside": outside_grants_of(acting.taxpayer_id, clock.today()),
        "broken": broken_of(selectors.in_force_of(acting.taxpayer_id, clock.today())),
        "waiting": [shown(one) for one in selectors.waiting_at(acting.taxpayer_id)],
        **waiting_for_second(acting, people),
    }
    return render(request, "representation/representatives.html", page)


@sensitive_post_parameters("personal_code", "foreign_code")
@require_http_methods(PAGE)
@second_factor_demanded
def new_representative(request: HttpRequest) -> HttpResponse:
    """Offer rights to a person or a firm."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    named = name_in(acting.taxpayer_id, request.GET.get("outside", ""), clock.today())
    form = NewRepresentativeForm(acting.rights, request.POST or None, initial={"name": named})
    if request.method == "POST" and form.is_valid() and _offered(request, form):
        return redirect("representation:representatives")
    return render(request, "representation/representative_new.html", {"form": form})


@require_http_methods(PAGE)
@second_factor_demanded
def representative(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Change or revoke the rights of one representative."""
    acting = cast("PortalRequest", request).acting
    mandate = services.given_by(acting, mandate_id)
    if request.method == "POST" and "end" in request.POST:
        services.end_mandates(acting, [mandate.pk])
        messages.success(request, gettext("The mandate is ended."))
        return redirect("representation:representatives")
    initial = {"rights": mandate.rights, "until": mandate.until}
    posted = request.POST if request.method == "POST" else None
    form = RepresentativeForm(acting.rights, posted, initial=initial, narrowing=mandate.narrowing)
    if request.method == "POST" and form.is_valid() and _changed(request, mandate, form):
        return redirect("representation:representatives")
    page = {"form": form, "mandate": mandate}
    return render(request, "representation/representative.html", page)


@require_POST
def withdraw(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Take back an offer nobody has answered."""
    services.withdraw(cast("PortalRequest", request).acting, mandate_id)
    messages.success(request, gettext("The offer is taken back."))
    return redirect("representation:representatives")


@require_POST
@second_factor_demanded
def accept_request(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Give what somebody has asked for."""
    acting = cast("PortalRequest", request).acting
    mandate = services.answer_request(acting, mandate_id, accept=True)
    messages.success(request, accepted_words(mandate))
    return redirect("representation:representatives")


@require_POST
def decline_request(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Refuse what somebody has asked for."""
    services.answer_request(cast("PortalRequest", request).acting, mandate_id, accept=False)
    messages.success(request, gettext("The request is declined."))
    return redirect("representation:representatives")


@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    """Give up one's own granted rights for the taxpayer acted for."""
    services.give_up(cast("PortalRequest", request).acting)
    messages.success(request, gettext("You do not represent the taxpayer any more."))
    return redirect("representation:choose")


def _heads() -> list[tuple[str, str]]:
    return [(right, str(label)) for right, label in RIGHTS.items()]


def _changed(request: HttpRequest, mandate: Mandate, form: RepresentativeForm) -> bool:
    acting, typed = cast("PortalRequest", request).acting, form.cleaned_data

    def change() -> None:
        services.change_mandate(
            acting, mandate.pk, typed["rights"], typed["until"], form.narrowing()
        )

    if tried(form, change):
        messages.success(request, saved_words(mandate))
        return True
    return False


def _offered(request: HttpRequest, form: NewRepresentativeForm) -> bool:
    acting = cast("PortalRequest", request).acting

    def give() -> None:
        mandate = services.offer(acting, form.representative(), form.terms())
        send_offer(mandate)
        messages.success(request, offered_words(mandate))

    return tried(form, give)
