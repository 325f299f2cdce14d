"""Pages of messages."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages as flash
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from mailbox import selectors, services
from mailbox.forms import FilterForm, ManyForm
from mailbox.models import NEWEST
from mailbox.presenting import tabs
from mailbox.services import Mark
from representation.requests import PortalRequest


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """List the messages of the taxpayer."""
    acting = cast("PortalRequest", request).acting
    acting.require(services.VIEW)
    form = FilterForm(request.GET)
    wanted = form.wanted()
    page = NEWEST.page(selectors.find_messages(acting, wanted), request.GET.get("at", ""))
    state = {
        "form": form,
        "tabs": tabs(acting, request.GET),
        "letters": list(selectors.letters_of(page.rows)),
        "page": page,
        "in_archive": wanted.view == "archive",
    }
    return render(request, "mailbox/messages.html", state)


@require_safe
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show one message, the one action it calls for, its files and who read it."""
    opened = services.open_message(cast("PortalRequest", request).acting, message_id)
    (letter,) = selectors.letters_of([opened])
    context = {
        "letter": letter,
        "attachments": opened.attachments.all(),
        "receipts": opened.receipts.select_related("user"),
    }
    return render(request, "mailbox/message.html", context)


@require_GET
def attachment(request: HttpRequest, message_id: UUID, attachment_id: UUID) -> FileResponse:
    """Give a file of a message, piece by piece; a browser saves it and never shows it."""
    acting = cast("PortalRequest", request).acting
    file, stream = services.open_attachment(acting, message_id, attachment_id)
    return FileResponse(
        stream, as_attachment=True, filename=file.name, content_type=file.content_type
    )


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


@require_POST
def unread(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Mark a message as unread, so that somebody returns to it."""
    services.forget_reading(cast("PortalRequest", request).acting, message_id)
    flash.success(request, gettext("The message is marked as unread."))
    return redirect("mailbox:messages")


@require_POST
def mark_many(request: HttpRequest, mark: Mark) -> HttpResponse:
    """Mark the chosen messages and return to the list they were chosen from."""
    acting = cast("PortalRequest", request).acting
    form = ManyForm(request.POST)
    chosen = form.cleaned_data["message"] if form.is_valid() else []
    changed = services.mark_messages(acting, chosen, mark)
    said: dict[str, Any] = {"count": changed}
    words = ngettext("%(count)s message changed.", "%(count)s messages changed.", changed)
    flash.success(request, words % said)
    return redirect(form.way_back())
