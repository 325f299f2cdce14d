"""Settings → web services → webhooks."""

from typing import cast
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import stepup
from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from imas.web.messages import words_for
from mailbox import selectors, services
from mailbox.forms import EndpointForm
from mailbox.presenting import happening_words
from mailbox.services import MANAGE, EndpointOrder
from mailbox.signing import Key
from representation.requests import PortalRequest
from representation.web_services import tabs


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """List the addresses that are told of the taxpayer's events."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    rows = [
        {"endpoint": one, "events": happening_words(one.codes)}
        for one in selectors.endpoints_of(acting)
    ]
    state = {"rows": rows, "tabs": tabs("mailbox:webhooks")}
    return render(request, "mailbox/webhooks.html", state)


@never_cache
@stepup.identity_demanded
@require_http_methods(["GET", "HEAD", "POST"])
def new_webhook(request: HttpRequest) -> HttpResponse:
    """Add an address and show its secret this once."""
    portal = cast("PortalRequest", request)
    portal.acting.require(MANAGE)
    form = EndpointForm(portal.acting.whole_rights, request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = _added(portal, form)
        if key:
            return render(request, "mailbox/webhook_secret.html", {"key": key})
    return render(request, "mailbox/webhook_new.html", {"form": form})


@require_safe
def webhook(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Show an address, what signs its calls, and the log of them."""
    endpoint = services.find_endpoint(cast("PortalRequest", request).acting, endpoint_id)
    context = {
        "endpoint": endpoint,
        "events": happening_words(endpoint.codes),
        "secrets": endpoint.secrets.in_force(clock.now()),
        "deliveries": selectors.log_of(endpoint),
    }
    return render(request, "mailbox/webhook.html", context)


@never_cache
@stepup.identity_demanded
@require_POST
def rotate(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Make a new secret and show it this once."""
    key = services.rotate_secret(cast("PortalRequest", request).acting, endpoint_id)
    return render(request, "mailbox/webhook_secret.html", {"key": key})


@require_POST
def pause(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Stop telling an address."""
    services.pause_endpoint(cast("PortalRequest", request).acting, endpoint_id)
    flash.success(request, gettext("The webhook is paused; what happens meanwhile waits."))
    return redirect("mailbox:webhook", endpoint_id)


@require_POST
def resume(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Tell an address again."""
    services.resume_endpoint(cast("PortalRequest", request).acting, endpoint_id)
    flash.success(request, gettext("The webhook is on; it is told first of what it missed."))
    return redirect("mailbox:webhook", endpoint_id)


@require_POST
def remove(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Never tell an address again."""
    services.remove_endpoint(cast("PortalRequest", request).acting, endpoint_id)
    flash.success(request, gettext("The webhook is removed."))
    return redirect("mailbox:webhooks")


@require_POST
def test(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Send an event that means nothing."""
    services.send_test_event(cast("PortalRequest", request).acting, endpoint_id)
    flash.success(request, gettext("A test event is on its way; reload this page in a moment."))
    return redirect("mailbox:webhook", endpoint_id)


@require_POST
def replay(request: HttpRequest, endpoint_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send an event once more."""
    acting = cast("PortalRequest", request).acting
    services.deliver_again(acting, endpoint_id, delivery_id)
    flash.success(request, gettext("The event is on its way again; reload this page in a moment."))
    return redirect("mailbox:webhook", endpoint_id)


def _added(portal: PortalRequest, form: EndpointForm) -> Key | None:
    typed = form.cleaned_data
    order = EndpointOrder(typed["name"], typed["url"].strip(), typed["codes"])
    try:
        return services.add_endpoint(portal.acting, portal.user, order)[1]
    except UnprocessableError as refusal:
        form.add_error("url", words_for(refusal.code, refusal.default_code, refusal.params)[1])
        return None
