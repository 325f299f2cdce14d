"""Waybills: looked for, read, and what the parties do to them."""

from typing import cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from imas.kernel import clock
from imas.web.exports import attached, stored_file
from imas.web.pdf import pdf_response
from intake.presenting import shown
from ivaz import listing, papers, selectors
from ivaz.exporting import file_of
from ivaz.forms import acts
from ivaz.forms.filters import WaybillFilterForm
from ivaz.pages.waybills import WaybillPage, WaybillRow, tabs_of
from ivaz.services import attaching, noting, reloading, sending
from ivaz.services.verdicts import Verdict
from ivaz.types import Act, Content, Section, View
from representation.requests import PortalRequest
from representation.services import journal_view
from representation.types import Acting


@require_GET
def waybills(request: HttpRequest) -> HttpResponse:
    """List the waybills the taxpayer is named in, the latest dispatch first."""
    acting = _acting(request)
    form = WaybillFilterForm(request.GET)
    page = listing.waybill_page(acting, form.query, request.GET.get("at", ""))
    rows = [WaybillRow(party.waybill, party.roles) for party in page.rows]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "is_filtered": bool(request.GET),
        "tabs": tabs_of(listing.counts_of(acting), form.query.state),
        "announced": selectors.announced_of(acting),
        "may_submit": acting.may_wholly(sending.RIGHT),
        "may_confirm": form.query.state == View.MINE and acting.may_wholly(sending.RIGHT),
    }
    return render(request, "ivaz/waybills.html", context)


@require_POST
def waybills_confirm(request: HttpRequest) -> HttpResponse:
    """Take over or confirm many at once (VMI KD-8809); those that cannot be are told."""
    acting = _acting(request)
    acting.require_wholly(sending.RIGHT)
    rns = list(dict.fromkeys(request.POST.getlist("rn")))[: sending.MOST]
    make = acts.accepted if request.POST.get("act") == Act.ACCEPT else acts.received
    day = clock.today().isoformat()
    verdicts = sending.send(acting, {Section.RECEIPT: [make(rn, day) for rn in rns]}) if rns else []
    done = sum(verdict.is_taken for verdict in verdicts)
    said = ngettext("%(count)s waybill confirmed.", "%(count)s waybills confirmed.", done)
    if done:
        messages.success(request, said % {"count": done})
    for rn, verdict in zip(rns, verdicts, strict=True):
        for problem in verdict.problems:
            messages.error(request, f"{rn}: {shown(selectors.KIND, problem).message}")
    return redirect(f"{reverse('ivaz:waybills')}?state={View.MINE}")


@require_GET
def waybill(request: HttpRequest, rn: str) -> HttpResponse:
    """Show a waybill to one of its parties."""
    page = _page(request, rn)
    journal_view(_acting(request), "ivaz.waybill-seen", rn)
    may = _acting(request).may_wholly(sending.RIGHT)
    square = mark_safe(papers.square(page))  # noqa: S308 - drawn by segno: dark squares alone
    return render(request, "ivaz/waybill.html", {"page": page, "may_act": may, "square": square})


@require_GET
def waybill_xml(request: HttpRequest, rn: str) -> HttpResponseBase:
    """Give a waybill as it stands as an i.VAZ file."""
    page = _page(request, rn)
    journal_view(_acting(request), "ivaz.waybill-seen", rn)
    return attached(file_of(page.waybill), f"{rn}.xml", "application/xml")


@require_GET
def waybill_pdf(request: HttpRequest, rn: str) -> HttpResponse:
    """Give a waybill as a paper to go along with the goods, with its signed square."""
    page = _page(request, rn)
    journal_view(_acting(request), "ivaz.waybill-seen", rn)
    return pdf_response(f"{rn}.pdf", papers.TEMPLATE, papers.waybill_paper(page))


@require_POST
def waybill_accept(request: HttpRequest, rn: str) -> HttpResponse:
    """Take the goods over, as the carrier."""
    _page(request, rn)
    record = acts.accepted(rn, clock.today().isoformat())
    return _done(request, rn, Section.RECEIPT, record)


@require_POST
def waybill_deliver(request: HttpRequest, rn: str) -> HttpResponse:
    """Say as the carrier that the goods are delivered."""
    noting.deliver(_acting(request), rn)
    messages.success(request, _("It is done, and the other parties see it."))
    return redirect("ivaz:waybill", rn)


@require_http_methods(["GET", "POST"])
def waybill_receive(request: HttpRequest, rn: str) -> HttpResponse:
    """Confirm the receipt line by line, refuse goods, or warn."""
    page = _page(request, rn)
    form = acts.ReceiveForm(page.lines, request.POST or None, {"day": f"{clock.today()}"})
    if request.method == "POST" and form.is_valid():
        return _done(request, rn, Section.RECEIPT, form.content(rn))
    return _form(request, page, form, _("Confirm the receipt"))


@require_http_methods(["GET", "POST"])
def waybill_cancel(request: HttpRequest, rn: str) -> HttpResponse:
    """Cancel a waybill, or send its goods back."""
    page = _page(request, rn)
    form = acts.CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _done(request, rn, Section.CANCELLATION, form.content(rn))
    return _form(request, page, form, _("Cancel the waybill"))


@require_http_methods(["GET", "POST"])
def waybill_reload(request: HttpRequest, rn: str) -> HttpResponse:
    """Change the vehicle or the driver on the road."""
    page = _page(request, rn)
    form = acts.ReloadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _said(request, rn, reloading.reload(_acting(request), rn, form.told))
    return _form(request, page, form, _("Change the vehicle"))


@require_http_methods(["GET", "POST"])
def waybill_object(request: HttpRequest, rn: str) -> HttpResponse:
    """Object as the consignor to a waybill another prepared."""
    page = _page(request, rn)
    form = acts.ObjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        noting.object_to(_acting(request), rn, form.cleaned_data["reason"])
        messages.success(request, _("It is done, and the other parties see it."))
        return redirect("ivaz:waybill", rn)
    return _form(request, page, form, _("Object to the waybill"))


@require_http_methods(["GET", "POST"])
def waybill_attach(request: HttpRequest, rn: str) -> HttpResponse:
    """Put documents beside a waybill."""
    page = _page(request, rn)
    is_sent = request.method == "POST"
    form = acts.AttachForm(request.POST, request.FILES) if is_sent else acts.AttachForm()
    if is_sent and form.is_valid():
        attaching.attach(_acting(request), rn, form.cleaned_data["proofs"])
        messages.success(request, _("It is done, and the other parties see it."))
        return redirect("ivaz:waybill", rn)
    return _form(request, page, form, _("Add documents"))


@require_GET
def waybill_file(request: HttpRequest, rn: str, waybill_document_id: int) -> HttpResponseBase:
    """Give a document of a waybill; a browser saves it and never shows it."""
    page = _page(request, rn)
    journal_view(_acting(request), "ivaz.waybill-seen", rn)
    return stored_file(selectors.find_attachment(page.waybill, waybill_document_id))


def _done(request: HttpRequest, rn: str, section: Section, record: Content) -> HttpResponse:
    """Do what a record says, and tell what was wrong with it on the waybill's page."""
    (verdict,) = sending.send(_acting(request), {section: [record]})
    return _said(request, rn, verdict)


def _said(request: HttpRequest, rn: str, verdict: Verdict) -> HttpResponse:
    if verdict.is_taken:
        messages.success(request, _("It is done, and the other parties see it."))
    for problem in verdict.problems:
        said = shown(selectors.KIND, problem)
        messages.error(request, f"{said.message} {said.mend}")
    return redirect("ivaz:waybill", rn)


def _form(request: HttpRequest, page: WaybillPage, form: Form, label: str) -> HttpResponse:
    context = {"page": page, "form": form, "label": label}
    return render(request, "ivaz/waybill_form.html", context)


def _page(request: HttpRequest, rn: str) -> WaybillPage:
    return WaybillPage(*selectors.find_waybill(_acting(request), rn))


def _acting(request: HttpRequest) -> Acting:
    return cast("PortalRequest", request).acting
