"""Settings → web services: keys for programs."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.stepup import second_factor_demanded
from imas.kernel import clock
from imas.kernel.errors import ConflictError, DomainError, UnprocessableError
from imas.web.messages import words_for
from representation import selectors, services
from representation.credential_forms import CredentialForm, RotationForm
from representation.messages import rights_words
from representation.requests import PortalRequest
from representation.services.keys import MANAGE
from representation.web_services import tabs

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys that open the taxpayer."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    now = clock.now()
    rows = [
        {
            "key": key,
            "rights": rights_words(key.rights),
            "is_usable": key.is_usable(now),
            "is_mine": key.user_id == acting.user_id,
        }
        for key in selectors.keys_of(acting.taxpayer_code).select_related("user")
    ]
    return render(
        request, "representation/keys.html", {"rows": rows, "tabs": tabs("representation:keys")}
    )


@require_http_methods(PAGE)
@second_factor_demanded
def new_key(request: HttpRequest) -> HttpResponse:
    """Issue a key and show it this once."""
    portal = cast("PortalRequest", request)
    portal.acting.require(MANAGE)
    form = CredentialForm(portal.acting.rights, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _, plain = services.issue_key(portal.acting, portal.user, form.order())
        except UnprocessableError as refusal:
            form.add_error("until", _words(refusal))
        else:
            return render(request, "representation/key_shown.html", {"plain": plain})
    return render(request, "representation/key_new.html", {"form": form})


@require_http_methods(PAGE)
@second_factor_demanded
def rotate_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Change one's own key for a new one that opens the same."""
    portal = cast("PortalRequest", request)
    portal.acting.require(MANAGE)
    held = selectors.keys_of(portal.acting.taxpayer_code).filter(user_id=portal.acting.user_id)
    key = get_object_or_404(held, pk=key_id)
    form = RotationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (plain := _rotated(portal, form, key_id)):
        return render(request, "representation/key_shown.html", {"plain": plain})
    return render(request, "representation/key_rotate.html", {"form": form, "key": key})


@require_POST
def revoke_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """End a key."""
    services.revoke_key(cast("PortalRequest", request).acting, key_id)
    messages.success(request, gettext("The key opens nothing for this taxpayer any more."))
    return redirect("representation:keys")


def _rotated(portal: PortalRequest, form: RotationForm, key_id: UUID) -> str:
    typed = form.cleaned_data
    overlap = timedelta(hours=typed["overlap"])
    try:
        return services.rotate_key(portal.acting, key_id, typed["until"], overlap)[1]
    except (UnprocessableError, ConflictError) as refusal:
        form.add_error("until" if refusal.code == "key-term" else None, _words(refusal))
        return ""


def _words(refusal: DomainError) -> str:
    return words_for(refusal.code, refusal.default_code, refusal.params)[1]
