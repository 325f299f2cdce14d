"""Įgaliojimų peržiūra: what is still needed is kept, what is not is ended."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from representation import reviews, services
from representation.requests import PortalRequest
from representation.reviews import Mark, Reviewed
from representation.services.granting import MANAGE
from representation.services.keys import MANAGE as MANAGE_KEYS
from representation.views.showing import shown


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """List the mandates the taxpayer has given, with their last use."""
    portal, day = cast("PortalRequest", request), clock.today()
    acting = portal.acting
    acting.require(MANAGE)
    found = reviews.reviewed(acting.taxpayer_id, day)
    view = request.GET.get("view", "")
    wanted = [row for row in found if view not in set(Mark) or view in row.marks]
    may_see_keys = acting.may(MANAGE_KEYS)
    page = {
        "tabs": _tabs(found, view),
        "rows": [_row(portal.user, row) for row in wanted],
        "programs": reviews.programs(acting.taxpayer_code, day) if may_see_keys else [],
        "unused_days": settings.MANDATE_UNUSED_DAYS,
    }
    return render(request, "representation/review.html", page)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Write down that mandates are still needed."""
    chosen = _chosen(request.POST)
    services.keep_mandates(cast("PortalRequest", request).acting, chosen)
    told = ngettext("%(count)s mandate is kept.", "%(count)s mandates are kept.", len(chosen))
    messages.success(request, told % {"count": len(chosen)})
    return redirect("representation:review")


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Revoke mandates that are not needed any more."""
    chosen = _chosen(request.POST)
    services.end_mandates(cast("PortalRequest", request).acting, chosen)
    told = ngettext("%(count)s mandate is ended.", "%(count)s mandates are ended.", len(chosen))
    messages.success(request, told % {"count": len(chosen)})
    return redirect("representation:review")


def _chosen(posted: QueryDict) -> set[UUID]:
    """The one whose button was pressed, else those that are ticked."""
    try:
        return {UUID(one) for one in posted.getlist("one") or posted.getlist("mandate")}
    except ValueError:
        raise NotFoundError("mandate-not-found") from None


def _row(user: User, row: Reviewed) -> dict[str, Any]:
    named = row.mandate.person
    is_own = named != "" and named == user.personal_code_hash
    return {**shown(row.mandate), "row": row, "is_own": is_own}


def _tabs(found: list[Reviewed], view: str) -> list[dict[str, Any]]:
    words = {
        "": gettext("All"),
        Mark.NEVER: gettext("Never used"),
        Mark.UNUSED: gettext("Long unused"),
        Mark.ENDING: gettext("About to end"),
        Mark.BROKEN: gettext("Chain broken"),
    }
    current = view if view in words else ""
    address = reverse("representation:review")
    return [
        {
            "url": f"{address}?view={mark}" if mark else address,
            "label": label,
            "count": sum(1 for row in found if not mark or mark in row.marks),
            "is_current": mark == current,
        }
        for mark, label in words.items()
    ]
