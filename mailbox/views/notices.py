"""How a person is told by e-mail, and the door for letters that come back."""

import hmac
from typing import cast

from django.conf import settings
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from imas.kernel.errors import NotFoundError
from mailbox import selectors, services
from mailbox.forms import NoticesForm
from representation.requests import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Let a person choose when he is told, and show what became of the latest letters."""
    user = cast("PortalRequest", request).user
    chosen = selectors.notice_modes_of(user)
    form = NoticesForm(chosen, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.choose_notices(user, form.modes())
        flash.success(request, gettext("Saved."))
        return redirect("mailbox:notices")
    state = {"form": form, "notices": selectors.latest_notices_of(user)}
    return render(request, "mailbox/notices.html", state)


@csrf_exempt
@require_POST
def returned_letter(request: HttpRequest) -> HttpResponse:
    """Take a returned letter from the mail server, which shows its secret; the answer is empty."""
    expected = f"Bearer {settings.RETURNED_LETTERS_SECRET}"
    shown = request.headers.get("Authorization", "")
    is_open = bool(settings.RETURNED_LETTERS_SECRET)
    if not (is_open and hmac.compare_digest(shown.encode(), expected.encode())):
        raise NotFoundError
    services.take_returned_letter(request.body)
    return HttpResponse(status=204)
