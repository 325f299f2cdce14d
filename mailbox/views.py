"""Pages of the mailbox."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from mailbox import selectors, services
from mailbox.forms import FilterForm
from mailbox.models import NEWEST
from representation.requests import PortalRequest


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """List the messages of the taxpayer."""
    acting = cast("PortalRequest", request).acting
    acting.require(services.VIEW)
    names = {one: selectors.subsystem_words(one) for one in selectors.subsystems_of(acting)}
    form = FilterForm(names, request.GET)
    found = selectors.find_messages(acting, **_wanted(form))
    page = NEWEST.page(found, request.GET.get("cursor", ""))
    state = {"form": form, "letters": list(selectors.letters_of(page.rows)), "page": page}
    return render(request, "mailbox/messages.html", state)


@require_safe
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show one message and the one action it calls for."""
    opened = services.open_message(cast("PortalRequest", request).acting, message_id)
    (letter,) = selectors.letters_of([opened])
    return render(request, "mailbox/message.html", {"letter": letter})


@require_POST
def archive(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Put a message away."""
    services.archive_message(cast("PortalRequest", request).acting, message_id)
    flash.success(request, gettext("The message is in the archive."))
    return redirect("mailbox:messages")


@require_POST
def restore(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Bring a message back from the archive."""
    services.restore_message(cast("PortalRequest", request).acting, message_id)
    flash.success(request, gettext("The message is back in the mailbox."))
    return redirect("mailbox:message", message_id)


def _wanted(form: FilterForm) -> dict[str, Any]:
    """What was asked for; what makes no sense is not asked for."""
    asked = form.cleaned_data if form.is_valid() else {}
    return {
        "view": asked.get("view", ""),
        "subsystem": asked.get("subsystem", ""),
        "text": asked.get("q", ""),
    }
