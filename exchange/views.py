"""Pages that lead to the authority's other systems and give roles in them."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from accounts.stepup import second_factor_demanded
from exchange import selectors, services, tasks
from exchange.configuring import OtherSystem
from exchange.forms import RolesForm
from exchange.presenting import delivery_shown, holder_shown, system_shown
from imas.kernel import clock
from representation.requests import PortalRequest
from representation.services import journal_view
from representation.types import Acting

SHOWN = 10
"""So many of the latest messages about a person are shown."""


@require_safe
def systems(request: HttpRequest) -> HttpResponse:
    """List the systems that open without signing in again (VA-119, 10 p.)."""
    rows = [system_shown(one) for one in selectors.systems()]
    return render(request, "exchange/systems.html", {"rows": rows})


@require_safe
def enter(request: HttpRequest, system_key: str) -> HttpResponse:
    """Lead to a system; whoever has no roles there is told first what to do."""
    system = selectors.find_system(system_key)
    person = cast("PersonRequest", request).user
    if system.roles_address and not selectors.roles_of(person, system.key, clock.now()):
        return redirect("exchange:no-roles", system.key)
    return HttpResponseRedirect(system.address)


@require_safe
def no_roles(request: HttpRequest, system_key: str) -> HttpResponse:
    """Say what to do when another system does not know the person ("Prisijungimo prie AIS", 3)."""
    system = selectors.find_system_taking_roles(system_key)
    acting = cast("PortalRequest", request).acting
    page = {
        "system": system_shown(system),
        "address": system.address,
        "may_manage": bool(acting) and acting.may(system.managing_right),
    }
    return render(request, "exchange/no_roles.html", page)


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Choose the system in which rights are managed."""
    acting = cast("PortalRequest", request).acting
    rows = [
        system_shown(one)
        for one in selectors.systems_taking_roles()
        if acting.may(one.managing_right)
    ]
    if not rows:
        acting.require("ais.roles")
    return render(request, "exchange/rights.html", {"rows": rows})


@require_safe
def people(request: HttpRequest, system_key: str) -> HttpResponse:
    """List the representatives with their roles and how far each delivery got."""
    acting, system = _managed(request, system_key)
    journal_view(acting, "exchange.roles-seen", system.key)
    found = selectors.holders(acting.taxpayer_id, system.key, clock.today())
    page = {
        "system": system_shown(system),
        "rows": [holder_shown(one, system) for one in found],
    }
    return render(request, "exchange/people.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_demanded
def person_roles(request: HttpRequest, system_key: str, handle: str) -> HttpResponse:
    """Show and change the roles of one representative."""
    acting, system = _managed(request, system_key)
    holder = selectors.find_holder(acting.taxpayer_id, system.key, handle, clock.today())
    given = holder.assignment
    posted = request.POST if request.method == "POST" else None
    form = RolesForm(system.key, posted, initial={"roles": given.roles if given else []})
    if request.method == "POST" and form.is_valid():
        _save(acting, system, handle, form)
        messages.success(request, gettext("The roles are saved and on their way."))
        return redirect("exchange:people", system.key)
    page = {"form": form, "system": system_shown(system), **holder_shown(holder, system)}
    return render(request, "exchange/person.html", {**page, "deliveries": _latest(holder, system)})


def _managed(request: HttpRequest, system_key: str) -> tuple[Acting, OtherSystem]:
    """Return who acts and the system, for those who may manage roles in it."""
    acting = cast("PortalRequest", request).acting
    system = selectors.find_system_taking_roles(system_key)
    acting.require(system.managing_right)
    return acting, system


def _save(acting: Acting, system: OtherSystem, handle: str, form: RolesForm) -> None:
    roles = form.cleaned_data["roles"]
    assignment = services.assign_roles(acting, system.key, handle, roles)
    tasks.deliver.delay_on_commit(str(assignment.pk))


def _latest(holder: selectors.Holder, system: OtherSystem) -> list[dict[str, Any]]:
    if holder.assignment is None:
        return []
    latest = holder.assignment.deliveries.order_by("-number")[:SHOWN]
    return [delivery_shown(one, system) for one in latest]
