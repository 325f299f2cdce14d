"""Officers' pages: outages declared and ended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.stepup import demand_second_factor
from avaz import selectors
from avaz.forms import OutageForm
from avaz.services import observing
from imas.kernel.errors import UnprocessableError
from imas.web.messages import words_for
from representation.services.officers import officer_of


@require_GET
def outages(request: HttpRequest) -> HttpResponse:
    """List outages, with what to do about those that last."""
    officer_of(request.user)
    page = selectors.outage_page(request.GET.get("at", ""))
    return render(request, "avaz/outages_desk.html", {"page": page})


@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Take the declaration of an outage."""
    officer = officer_of(request.user)
    if answer := demand_second_factor(request):
        return answer
    form = OutageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            observing.declare(officer, form.declaration)
        except UnprocessableError as refusal:
            title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
            form.add_error(
                "end" if refusal.code == "avaz-outage-time" else "effect", f"{title}. {detail}"
            )
        else:
            messages.success(request, _("The outage is declared; every page tells of it."))
            return redirect("avaz:outages-desk")
    return render(request, "avaz/outage_declare.html", {"form": form})


@require_POST
def end(request: HttpRequest, outage_id: UUID) -> HttpResponse:
    """Say that an outage is over."""
    observing.end(officer_of(request.user), outage_id)
    messages.success(request, _("The outage is over, and the taxpayers are told."))
    return redirect("avaz:outages-desk")
