"""Settings → web services: keys for programs."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from imas.web.messages import words_for
from representation import selectors, services
from representation.forms import KeyForm
from representation.messages import right_words
from representation.requests import PortalRequest
from representation.services.keys import MANAGE, KeyOrder


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys that open the taxpayer."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    now = clock.now()
    rows = [
        {
            "key": key,
            "rights": [right_words(right) for right in key.rights],
            "is_usable": key.revoked_at is None and key.expires_at > now,
        }
        for key in selectors.keys_of(acting.taxpayer_code).select_related("user")
    ]
    return render(request, "representation/keys.html", {"rows": rows})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_key(request: HttpRequest) -> HttpResponse:
    """Issue a key and show it this once."""
    portal = cast("PortalRequest", request)
    portal.acting.require(MANAGE)
    form = KeyForm(portal, portal.acting.rights, request.POST or None)
    if request.method == "POST" and form.is_valid():
        plain = _issued(portal, form)
        if plain:
            return render(request, "representation/key_shown.html", {"plain": plain})
    return render(request, "representation/key_new.html", {"form": form})


@require_POST
def revoke_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """End a key."""
    services.revoke_key(cast("PortalRequest", request).acting, key_id)
    messages.success(request, gettext("The key opens nothing for this taxpayer any more."))
    return redirect("representation:keys")


def _issued(portal: PortalRequest, form: KeyForm) -> str:
    typed = form.cleaned_data
    order = KeyOrder(typed["name"], typed["rights"], typed["until"], for_all=typed["for_all"])
    try:
        _, plain = services.issue_key(portal.acting, portal.user, order)
    except UnprocessableError as refusal:
        form.add_error("until", words_for(refusal.code, refusal.default_code, refusal.params)[1])
        return ""
    return plain
