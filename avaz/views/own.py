"""A person's codes, and what was announced for the taxpayer."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from avaz import pages, selectors
from avaz.deadlines import overdue_before
from avaz.services import minding, ordering
from imas.kernel import clock
from representation.requests import PortalRequest


@require_GET
def codes(request: HttpRequest) -> HttpResponse:
    """List the person's codes, one for each taxpayer."""
    user = cast("User", request.user)
    context = {
        "codes": selectors.codes_of(user),
        "has_phone": bool(user.phone and user.phone_confirmed_at),
        "desk_url": settings.AVAZ_URL,
    }
    return render(request, "avaz/codes.html", context)


@require_POST
def renew(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Give a new code and show it this once."""
    access, code = ordering.renew(cast("User", request.user), access_id)
    return render(request, "avaz/code.html", {"access": access, "code": code})


@require_GET
def fallbacks(request: HttpRequest) -> HttpResponse:
    """List what was announced and until when it is to be completed."""
    acting = cast("PortalRequest", request).acting
    page = selectors.fallback_page(acting, request.GET.get("at", ""))
    before = overdue_before(clock.now())
    context = {
        "page": page,
        "rows": [pages.FallbackRow(one, before) for one in page.rows],
        "may_submit": acting.may_wholly(minding.RIGHT),
        "desk_url": settings.AVAZ_URL,
    }
    return render(request, "avaz/fallbacks.html", context)


@require_POST
def submitted(request: HttpRequest, arn: str) -> HttpResponse:
    """Note that all waybills of an ARN are submitted."""
    minding.say_submitted(cast("PortalRequest", request).acting, arn)
    messages.success(
        request, _("It is noted that all waybills of %(arn)s are submitted.") % {"arn": arn}
    )
    return redirect("avaz:fallbacks")
