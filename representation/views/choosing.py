"""The start page and the choice of whom to act for."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from imas.kernel import clock
from imas.web.home import Due, cards, dues, person_cards, tasks
from representation import selectors, services
from representation.forms import SearchForm
from representation.models import Taxpayer
from representation.requests import CHOSEN, PortalRequest

SHOWN = 200
_SWITCHER = "switcher-choices"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is due for the taxpayer acted for."""
    acting = cast("PortalRequest", request).acting
    page = {
        "tasks": tasks(acting),
        "cards": [*person_cards(request.user), *cards(acting)],
        "today": clock.today(),
        "may_upload": acting.may("isaf.upload"),
    }
    return render(request, "representation/home.html", page)


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """List the taxpayers the person may act for, by what is due or by what was typed."""
    user, day = cast("PersonRequest", request).user, clock.today()
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = selectors.choices_of(user, day, text)
    if request.headers.get("HX-Target") == _SWITCHER:
        choices = list(found[: selectors.RECENT])
        return render(request, "representation/choices.html", {"choices": choices})
    shown, total = list(found[:SHOWN]), found.count()
    page = {
        "form": form,
        "rows": _rows(user, shown, day),
        "shown": _how_many(shown, total),
        "cards": person_cards(user),
    }
    return render(request, "representation/clients.html", page)


@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Choose a taxpayer and go to its start page."""
    user = cast("PersonRequest", request).user
    acting = services.choose_taxpayer(user, request.POST.get("taxpayer", ""))
    request.session[CHOSEN] = acting.taxpayer_id
    return redirect("representation:home")


def _rows(user: User, shown: Sequence[Taxpayer], day: date) -> list[dict[str, Any]]:
    """What is still to do first, the nearest deadline on top; the rest keep their order below."""
    owed = dues([taxpayer.pk for taxpayer in shown])
    whys = selectors.why_of(user, shown, day)
    rows = [
        {"taxpayer": taxpayer, "dues": owed[taxpayer.pk], "why": whys[taxpayer.pk]}
        for taxpayer in shown
    ]
    return sorted(rows, key=lambda row: _urgency(row["dues"]))


def _urgency(owed: Sequence[Due]) -> tuple[bool, date]:
    nearest = next((due for due in owed if not due.is_done), None)
    return (nearest is None, nearest.deadline if nearest else date.max)


def _how_many(shown: Sequence[Taxpayer], total: int) -> str:
    if len(shown) == total:
        return ""
    words = gettext("Shown %(shown)s of %(total)s. Type a few letters to find the others.")
    return words % {"shown": len(shown), "total": total}
