"""Preliminary returns: ordered, looked at box by box, decided on, confirmed, taken away."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from imas.kernel.errors import NotFoundError, UnprocessableError
from isaf import tasks
from isaf.forms import returns as forms
from isaf.models import StandingReturn
from isaf.pages.return_lists import ListPage
from isaf.pages.return_rows import RowsPage
from isaf.pages.returns import ReturnPage, ReturnRow
from isaf.returns.boxes import Sums
from isaf.returns.forms import BoxKind, FormName
from isaf.returns.rules import rules_on
from isaf.returns.standing import Counted, ReturnState
from isaf.selectors import returns as selectors
from isaf.services import filed, return_decisions, return_lines
from isaf.services import returns as services
from representation.requests import PortalRequest
from representation.services import journal_view
from representation.types import Acting


@require_GET
def returns(request: HttpRequest) -> HttpResponse:
    """List the preliminary returns, the latest period first."""
    acting = _acting(request)
    rows = [ReturnRow(found) for found in selectors.returns_of(acting)]
    standing = StandingReturn.objects.filter(taxpayer_id=acting.taxpayer_id).first()
    return render(request, "isaf/returns.html", {"rows": rows, "standing": standing})


@require_http_methods(["GET", "POST"])
def return_order(request: HttpRequest) -> HttpResponse:
    """Order forms for ended periods, and for every period to come."""
    acting = _acting(request)
    acting.require_wholly(selectors.RIGHT)
    form = forms.OrderForm(request.POST or None, selectors.periods_to_order(acting))
    if request.method == "POST" and form.is_valid():
        services.order_returns(acting, form.chosen_periods, form.chosen_forms)
        if form.cleaned_data["every_period"]:
            services.order_for_every_period(acting, form.chosen_forms)
        tasks.queue_returns(acting.taxpayer_id)
        return redirect("isaf:returns")
    return render(
        request, "isaf/return_form.html", _form(form, _("Order preliminary returns"), _("Order"))
    )


@require_POST
def returns_standing_stop(request: HttpRequest) -> HttpResponse:
    """Stop drawing forms up for every period."""
    services.order_for_every_period(_acting(request), [])
    messages.success(request, _("Returns are no longer drawn up by themselves."))
    return redirect("isaf:returns")


@require_GET
def return_seen(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Show a return: the form as on paper, its checks, and what is in no box."""
    page = _page(request, return_id, request.GET.get("version", ""))
    journal_view(_acting(request), "isaf.return-seen", page.found.number)
    template = "isaf/return.html" if page.version else "isaf/return_waiting.html"
    if page.version and page.found.form == FormName.LIST:
        context = {"page": page, "list": ListPage(page)}
        return render(request, "isaf/return_list.html", context)
    return render(request, template, {"page": page})


@require_GET
def return_progress(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Answer the part of a page that asks whether the return is computed."""
    page = _page(request, return_id)
    answer = render(request, "isaf/return_progress.html", {"page": page})
    if page.found.state != ReturnState.DUE:
        answer["HX-Refresh"] = "true"
    return answer


@require_http_methods(["GET", "POST"])
def return_box(request: HttpRequest, return_id: UUID, box: str) -> HttpResponse:
    """Show what a box is made of: its formula, the codes, the invoices; decide on these."""
    page = _computed(request, return_id)
    if (filled := page.filled.get(box)) is None or filled.box.kind is BoxKind.PERCENT:
        raise NotFoundError("return-not-found")
    if request.method == "POST":
        return _decided(request, page)
    rules = rules_on(page.found.start)
    sums = {name: of for name, of in page.breakdown.counted.items() if box in rules[name].boxes}
    rows = RowsPage(page, Counted.COUNTED, sums, request.GET, filled.box)
    return _rows(request, page, rows)


@require_http_methods(["GET", "POST"])
def return_apart(request: HttpRequest, return_id: UUID, standing: str) -> HttpResponse:
    """Show what is in no box for one cause; decide on these invoices."""
    page = _computed(request, return_id)
    if standing not in set(Counted) - {Counted.COUNTED}:
        raise NotFoundError("return-not-found")
    if request.method == "POST":
        return _decided(request, page)
    sums: dict[str, Sums] = dict(page.breakdown.apart.get(Counted(standing), {}))
    return _rows(request, page, RowsPage(page, Counted(standing), sums, request.GET))


@require_http_methods(["GET", "POST"])
def return_settings(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Set boxes 28, 10 and 9; of a list of supplies, how it corrects."""
    page = _computed(request, return_id)
    found = page.found
    form = forms.settings_form(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.set_up(_acting(request), found.pk, services.Settings(**form.cleaned_data))
        return redirect("isaf:return", found.pk)
    context = _form(form, _("Data of the return"), _("Save"), page)
    return render(request, "isaf/return_form.html", context)


@require_http_methods(["GET", "POST"])
def return_line(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Put in a line that no register holds."""
    page = _computed(request, return_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.LineForm(page.found.start, *sent)
    if form.is_valid():
        proofs = form.cleaned_data["proofs"]
        return_lines.add_line(_acting(request), page.found.pk, form.told, proofs)
        messages.success(request, _("The line is put in."))
        return redirect("isaf:return", page.found.pk)
    context = _form(form, _("A line beside the registers"), _("Put in"), page)
    return render(request, "isaf/return_form.html", context)


@require_POST
def return_line_remove(request: HttpRequest, return_id: UUID, line_id: int) -> HttpResponse:
    """Take a line out."""
    return_lines.remove_line(_acting(request), return_id, line_id)
    messages.success(request, _("The line is taken out."))
    return redirect("isaf:return", return_id)


@require_http_methods(["GET", "POST"])
def return_confirm(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Show once more what will be confirmed, then confirm it."""
    page = _computed(request, return_id)
    if request.method == "POST":
        asked = request.POST.get("version", "")
        services.confirm(_acting(request), return_id, int(asked) if asked.isdecimal() else 0)
        messages.success(request, _("The return is confirmed and goes to EDS. Confirm it there."))
        return redirect("isaf:return", return_id)
    return render(request, "isaf/return_confirm.html", {"page": page})


@require_http_methods(["GET", "POST"])
def return_filed(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Take the return as it was filed, to be compared with what was drawn up."""
    page = _computed(request, return_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.FiledForm(*sent)
    if form.is_valid():
        filed.tell_filed_file(_acting(request), return_id, form.cleaned_data["file"])
        return redirect("isaf:return", return_id)
    context = _form(form, _("What was filed"), _("Compare"), page)
    return render(request, "isaf/return_form.html", context)


@require_POST
def return_correct(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Begin a correction of a confirmed return."""
    services.correct(_acting(request), return_id)
    tasks.queue_returns(_acting(request).taxpayer_id)
    return redirect("isaf:return", return_id)


def _decided(request: HttpRequest, page: ReturnPage) -> HttpResponse:
    form = forms.DecisionForm(request.POST, selectors.later_periods(page.found))
    try:
        places = forms.places(request.POST.getlist("place"))
    except ValueError:
        raise UnprocessableError("return-decision-wrong") from None
    if not form.is_valid() or not places:
        messages.error(request, _("Tick invoices and say what to do with them."))
        return redirect(request.get_full_path())
    decided = return_decisions.decide(_acting(request), page.found.pk, places, form.choice)
    tasks.queue_returns(page.found.taxpayer_id)
    told = ngettext(
        "%(count)s invoice is decided on.", "%(count)s invoices are decided on.", decided
    )
    messages.success(request, told % {"count": decided})
    return redirect(request.path)


def _rows(request: HttpRequest, page: ReturnPage, rows: RowsPage) -> HttpResponse:
    journal_view(_acting(request), "isaf.return-seen", page.found.number)
    form = forms.DecisionForm(None, selectors.later_periods(page.found))
    return render(request, "isaf/return_rows.html", {"page": page, "rows": rows, "form": form})


def _form(form: Form, heading: str, label: str, page: ReturnPage | None = None) -> dict[str, Any]:
    return {"form": form, "heading": heading, "label": label, "page": page}


def _page(request: HttpRequest, return_id: UUID, number: str = "") -> ReturnPage:
    acting = _acting(request)
    found = selectors.find_return(acting, return_id)
    if number:
        asked = int(number) if number.isdecimal() and len(number) < 9 else 0
        return ReturnPage(found, selectors.find_version(found, asked or -1), acting)
    return ReturnPage(found, selectors.newest_version(found), acting)


def _computed(request: HttpRequest, return_id: UUID) -> ReturnPage:
    page = _page(request, return_id)
    if page.version is None:
        raise NotFoundError("return-not-found")
    return page


def _acting(request: HttpRequest) -> Acting:
    return cast("PortalRequest", request).acting
