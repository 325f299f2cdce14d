"""A tax period without invoices: said by one button."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from intake import tasks as intake_tasks
from isaf.selectors.postponements import deadline_of
from isaf.services import declaring
from isaf.services.periods import asked_period
from representation.requests import PortalRequest


@require_http_methods(["GET", "POST"])
def nil(request: HttpRequest, period: str) -> HttpResponse:
    """Show what a nil register says; send it when that is confirmed."""
    acting = cast("PortalRequest", request).acting
    asked = asked_period(period)
    if request.method == "POST":
        document = declaring.send_nil(acting, asked)
        intake_tasks.queue(document)
        return redirect("isaf:file", document.pk)
    declaring.require_empty(acting, asked)
    context = {"period": asked, "deadline": deadline_of(acting.taxpayer_id, asked)}
    return render(request, "isaf/nil.html", context)
