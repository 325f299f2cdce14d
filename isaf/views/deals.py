"""One deal of the cross-check: what both registers say, and what the two sides say of it."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from isaf.forms.deals import MarkForm, WordsForm
from isaf.pages.deals import DealPage
from isaf.services import dealing
from isaf.types import EntryKind
from representation.requests import PortalRequest
from representation.services import journal_view


@require_GET
def deal(request: HttpRequest, key: int) -> HttpResponse:
    """Show a deal."""
    acting = cast("PortalRequest", request).acting
    page = DealPage(acting, key)
    journal_view(acting, "isaf.deal-seen", page.number)
    return render(request, "isaf/deal.html", {"page": page})


@require_POST
def deal_say(request: HttpRequest, key: int) -> HttpResponse:
    """Say something to the counterparty, or propose that it takes our data."""
    acting = cast("PortalRequest", request).acting
    form = WordsForm(request.POST, is_proposal="propose" in request.POST)
    if not form.is_valid():
        page = DealPage(acting, key, words_form=form)
        return render(request, "isaf/deal.html", {"page": page})
    if form.is_proposal:
        dealing.propose(acting, key, form.cleaned_data["text"])
        messages.success(request, _("The proposal has been sent to the counterparty."))
    else:
        dealing.say(acting, key, form.cleaned_data["text"])
        messages.success(request, _("The message has been sent to the counterparty."))
    return redirect("isaf:deal", key)


@require_POST
def deal_mark(request: HttpRequest, key: int) -> HttpResponse:
    """Keep the buyer's mark."""
    acting = cast("PortalRequest", request).acting
    page = DealPage(acting, key)
    form = MarkForm(request.POST, marked=page.mark.kind if page.mark else EntryKind.UNMARKED)
    if not form.is_valid():
        page = DealPage(acting, key, mark_form=form)
        return render(request, "isaf/deal.html", {"page": page})
    dealing.mark(acting, key, EntryKind(form.cleaned_data["kind"]), form.cleaned_data["reason"])
    messages.success(request, _("The seller sees your mark."))
    return redirect("isaf:deal", key)
