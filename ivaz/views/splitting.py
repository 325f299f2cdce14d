"""A waybill split into parts on a page."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ivaz import selectors
from ivaz.forms.splitting import SplitForm
from ivaz.pages.splitting import place
from ivaz.pages.waybills import WaybillPage
from ivaz.services import sending, splitting
from ivaz.types import Section
from representation.requests import PortalRequest


@require_http_methods(["GET", "POST"])
def waybill_split(request: HttpRequest, rn: str) -> HttpResponse:
    """Ask for the parts, line by line; POST splits, or shows as many parts as are asked for."""
    acting = cast("PortalRequest", request).acting
    waybill, roles = selectors.find_waybill(acting, rn)
    if not splitting.is_whole(acting, waybill, roles):
        return _split_before(request, rn)
    typed = request.POST if request.method == "POST" else None
    form = SplitForm(waybill.content, waybill.version, typed)
    if form.is_valid():
        (verdict,) = sending.send(acting, {Section.SPLIT: [form.content(rn)]})
        if verdict.is_taken:
            messages.success(request, _("The cargo is split, and the other parties see it."))
            return redirect("ivaz:waybill", rn)
        if splitting.was_split_before(verdict):
            return _split_before(request, rn)
        place(form, verdict)
    context = {"page": WaybillPage(waybill, roles), "form": form}
    return render(request, "ivaz/waybill_split.html", context)


def _split_before(request: HttpRequest, rn: str) -> HttpResponse:
    """Lead a second press to the parts; nothing is split again."""
    messages.info(request, _("The cargo is split already: the waybill names its parts."))
    return redirect("ivaz:waybill", rn)
