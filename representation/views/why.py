"""Why a person may do something for the taxpayer, on any day, or which link broke."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.encryption import lookup_hash
from representation import limits
from representation.messages import right_words, rights_words
from representation.models import Taxpayer
from representation.requests import PortalRequest
from representation.services import journal_view
from representation.services.granting import MANAGE
from representation.types import Acting
from representation.ways import Break, Link, Way, connected, ways_to
from representation.why_forms import SomebodyForm, WhyForm
from representation.why_words import BREAKS, WAYS


@dataclass(frozen=True, slots=True)
class Step:
    """A link of a way in words: who holds it, till when, what is left, what broke."""

    link: Link
    rights: list[str]
    limits: list[str]
    breaks: list[tuple[str, date | None]]


@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """Answer yes or no, and show every way link by link."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    form = WhyForm(connected(acting.taxpayer_id), request.GET.dict())
    kept = {name: form.data[name] for name in ("right", "day")}
    page: dict[str, Any] = {"form": form, "somebody": SomebodyForm(initial=kept)}
    if form.is_valid():
        page |= _answer(acting, form.cleaned_data)
        page["name"] = str(dict(form.fields["person"].choices)[page["person"]])  # type: ignore[attr-defined]
        journal_view(acting, "representation.why-seen", page["name"])
    return render(request, "representation/why.html", page)


@sensitive_post_parameters("personal_code")
@require_POST
def why_somebody(request: HttpRequest) -> HttpResponse:
    """Lead to the same page about anybody, without the personal code in the address."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    form = SomebodyForm(request.POST)
    asked = {}
    if form.is_valid():
        typed = form.cleaned_data
        asked = {name: typed[name] for name in ("right", "day") if typed[name]}
        asked["person"] = lookup_hash(typed["personal_code"].strip())
    return redirect(f"{reverse('representation:why')}?{urlencode(asked)}")


def _answer(acting: Acting, asked: dict[str, Any]) -> dict[str, Any]:
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    ways = ways_to(taxpayer, asked["person"], asked["right"], asked["day"])
    return {
        "person": asked["person"],
        "right": right_words(asked["right"]),
        "day": asked["day"],
        "may": any(way.holds for way in ways),
        "ways": [_shown(way) for way in ways],
    }


def _shown(way: Way) -> dict[str, Any]:
    return {
        "way": way,
        "title": WAYS[way.kind],
        "breaks": _said(way.breaks),
        "steps": [
            Step(
                link,
                rights_words(link.rights),
                limits.words(link.standing.narrowing.limits),
                _said(link.breaks),
            )
            for link in way.links
        ],
    }


def _said(breaks: tuple[Break, ...]) -> list[tuple[str, date | None]]:
    return [(str(BREAKS[one.kind]), one.day) for one in breaks]
