"""i.MAS atstovai: who may do what, until when and why."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imas.kernel import clock
from imas.kernel.errors import DomainError
from imas.web.messages import words_for
from representation import selectors, services
from representation.forms import NewRepresentativeForm, RepresentativeForm
from representation.models import Mandate
from representation.requests import PortalRequest
from representation.rights import RIGHTS
from representation.services.granting import MANAGE

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def representatives(request: HttpRequest) -> HttpResponse:
    """List the people and their rights."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    people = selectors.representatives_of(acting.taxpayer_id, clock.today())
    rows = [
        {"person": person, "cells": [(label, person.whys.get(right)) for right, label in _heads()]}
        for person in people
    ]
    page = {"rows": rows, "heads": [label for _, label in _heads()]}
    return render(request, "representation/representatives.html", page)


@sensitive_post_parameters("personal_code")
@require_http_methods(PAGE)
def new_representative(request: HttpRequest) -> HttpResponse:
    """Find a person and give rights."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    form = NewRepresentativeForm(acting.rights, request.POST or None)
    if request.method == "POST" and form.is_valid() and _granted(request, form):
        return redirect("representation:representatives")
    return render(request, "representation/representative_new.html", {"form": form})


@require_http_methods(PAGE)
def representative(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Change or revoke the rights of one representative."""
    acting = cast("PortalRequest", request).acting
    mandate = services.given_by(acting, mandate_id)
    initial = {"rights": mandate.rights, "until": mandate.until}
    posted = request.POST if request.method == "POST" else None
    form = RepresentativeForm(acting.rights, posted, initial=initial)
    if request.method == "POST" and form.is_valid() and _changed(request, mandate, form):
        return redirect("representation:representatives")
    page = {"form": form, "mandate": mandate}
    return render(request, "representation/representative.html", page)


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
        services.change_mandate(acting, mandate.pk, typed["rights"], typed["until"])

    if _tried(form, change):
        messages.success(request, gettext("The representative's data are saved."))
        return True
    return False


def _granted(request: HttpRequest, form: NewRepresentativeForm) -> bool:
    acting, typed = cast("PortalRequest", request).acting, form.cleaned_data

    def find_and_grant() -> None:
        person = services.find_person(acting, typed["login_name"], typed["personal_code"])
        services.grant(acting, person, typed["rights"], typed["until"])

    if _tried(form, find_and_grant):
        messages.success(request, gettext("The representative is saved."))
        return True
    return False


def _tried(form: Form, deed: Callable[[], None]) -> bool:
    """Do it, or let the form say why it was refused, keeping what was typed."""
    try:
        deed()
    except DomainError as refusal:
        title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
        form.add_error(None, f"{title}. {detail}")
        return False
    return True
