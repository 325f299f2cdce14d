"""Saved views: kept from the page that shows what they ask for, and let go there."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from imas.web.addresses import is_ours
from isaf.pages.saved_views import kept_query, query_of
from isaf.services import saved_views
from isaf.types import ViewPage
from representation.requests import PortalRequest


@require_POST
def view_save(request: HttpRequest, page: ViewPage) -> HttpResponse:
    """Keep the filter of the address that is shown."""
    acting = cast("PortalRequest", request).acting
    shown = _next(request)
    name = request.POST.get("name", "")
    kept = saved_views.save(acting, page, name, kept_query(page, query_of(shown)))
    messages.success(request, _("The view “%(name)s” has been saved.") % {"name": kept.name})
    return redirect(shown)


@require_POST
def view_forget(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Let a view go."""
    saved_views.forget(cast("PortalRequest", request).acting, view_id)
    messages.success(request, _("The view has been removed."))
    return redirect(_next(request))


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if is_ours(request, wanted) else reverse("isaf:registers")
