"""A waybill made on pages: three steps, a look at the whole, submitted."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from imas.kernel.errors import ConflictError, RefusedDocumentError, UnprocessableError
from imas.web.messages import words_for
from ivaz import selectors
from ivaz.forms.drafting import StepForm, TemplateForm
from ivaz.forms.goods import MORE, GoodsForm, typed
from ivaz.forms.invoices import InvoiceFileForm, SaleForm
from ivaz.models import WaybillDraft
from ivaz.pages import drafts as pages
from ivaz.pages import invoices
from ivaz.pages.waybills import ContentPage
from ivaz.services import drafting, invoicing
from ivaz.services.sending import RIGHT
from representation.requests import PortalRequest
from representation.types import Acting


@require_http_methods(["GET", "POST"])
def waybill_new(request: HttpRequest) -> HttpResponse:
    """Show templates and drafts to go on from; POST begins with nothing."""
    acting = _acting(request)
    if request.method == "POST":
        return redirect("ivaz:draft-parties", drafting.begin(acting).pk)
    return _new(request, InvoiceFileForm())


@require_http_methods(["GET", "POST"])
def waybill_from_invoice(request: HttpRequest) -> HttpResponse:
    """Begin with what an e-invoice tells; POST takes its file."""
    acting = _acting(request)
    acting.require_wholly(RIGHT)
    form = InvoiceFileForm(request.POST, request.FILES) if request.method == "POST" else None
    if form and form.is_valid():
        try:
            begun = invoicing.begin_from_invoice(acting, form.cleaned_data["invoice"])
        except (RefusedDocumentError, UnprocessableError) as refusal:
            title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
            form.add_error("invoice", f"{title}. {detail}")
        else:
            return _begun(request, begun)
    return _new(request, form or InvoiceFileForm())


@require_POST
def waybill_from_sale(request: HttpRequest) -> HttpResponse:
    """Begin with the values of an invoice issued, as another page of the portal shows it."""
    return _begun(request, invoicing.begin_from_sale(_acting(request), SaleForm(request.POST).sale))


@require_POST
def draft_begin(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Begin with what a template holds."""
    return redirect("ivaz:draft-parties", drafting.begin_from(_acting(request), draft_id).pk)


@require_POST
def waybill_copy(request: HttpRequest, rn: str) -> HttpResponse:
    """Begin a draft like a waybill."""
    draft = drafting.begin_like(_acting(request), rn)
    return redirect("ivaz:draft-parties", draft.pk)


@require_POST
def waybill_complete(request: HttpRequest, reserved_arn: str) -> HttpResponse:
    """Go on with what was announced in a.VAZ."""
    draft = drafting.begin_announced(_acting(request), reserved_arn)
    return redirect("ivaz:draft-parties", draft.pk)


@require_http_methods(["GET", "POST"])
def draft_step(request: HttpRequest, draft_id: UUID, step: str) -> HttpResponse:
    """Show a step; POST keeps it and goes on, or stays for more lines, or puts it aside."""
    acting = _acting(request)
    draft = drafting.find_draft(acting, draft_id)
    form_class = pages.STEPS[step]
    if request.method == "POST":
        more = request.POST.get("more", "")
        if form_class is GoodsForm and more in MORE:
            form: StepForm = GoodsForm(initial=typed(request.POST, more))
        else:
            is_put_aside = "later" in request.POST
            form = form_class(request.POST, is_put_aside=is_put_aside)
            if form.is_valid():
                _keep(request, draft, form)
                if is_put_aside:
                    messages.success(request, _("Kept as a draft."))
                    return redirect("ivaz:new")
                return redirect(f"ivaz:draft-{pages.after(step)}", draft.pk)
    else:
        form = form_class(initial={**form_class.initial_of(draft.content), "kind": draft.kind})
    context = {
        "draft": draft,
        "announced": selectors.announced_as(acting, ContentPage(draft).number),
        "step": step,
        "form": form,
        "steps": pages.stages(step),
        "silent": pages.silent_of(draft),
        "units": pages.units(),
        "package_kinds": pages.package_kinds(),
    }
    return render(request, f"ivaz/draft_{step}.html", context)


@require_GET
def draft_check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show the whole of a draft, and what is wrong with it."""
    acting = _acting(request)
    draft = drafting.find_draft(acting, draft_id)
    verdict = drafting.check(acting, draft)
    page = ContentPage(draft)
    context = {
        "draft": draft,
        "announced": selectors.announced_as(acting, page.number),
        "page": page,
        "steps": pages.stages(pages.CHECK),
        "verdict": verdict,
        "problems": list(pages.problems_of(draft, verdict)),
        "template_form": TemplateForm(),
    }
    return render(request, "ivaz/draft_check.html", context)


@require_POST
def draft_submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Submit a draft; one that is refused stays, with what is wrong beside it."""
    acting = _acting(request)
    verdict = drafting.submit(acting, drafting.find_draft(acting, draft_id))
    if not verdict.is_taken:
        return redirect("ivaz:draft-check", draft_id)
    messages.success(request, _("Submitted. The RN is %(rn)s.") % {"rn": verdict.rn})
    return redirect("ivaz:waybill", verdict.rn)


@require_POST
def draft_template(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Keep a draft as a template under a name."""
    acting = _acting(request)
    draft = drafting.find_draft(acting, draft_id)
    form = TemplateForm(request.POST)
    if form.is_valid():
        template = drafting.keep_as_template(acting, draft, form.cleaned_data["name"])
        messages.success(request, _("Kept as the template “%(name)s”.") % {"name": template.name})
    else:
        messages.error(request, _("Give the template a name."))
    return redirect("ivaz:draft-check", draft.pk)


@require_POST
def draft_discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Delete a draft or template."""
    acting = _acting(request)
    drafting.discard(acting, drafting.find_draft(acting, draft_id))
    messages.success(request, _("Deleted."))
    return redirect("ivaz:new")


@require_GET
def choices(request: HttpRequest) -> HttpResponse:
    """Offer what fits a field, as one types."""
    what = request.GET.get("for", "")
    text = request.GET.get("find", "").replace("\0", "")[:100]
    found = pages.choices(_acting(request), what, text)
    return render(request, "components/choices.html", {"choices": found, "text": text})


@require_http_methods(["GET", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """Show what the book remembers; POST strikes an entry out."""
    acting = _acting(request)
    if request.method == "POST":
        entry = request.POST.get("entry", "")
        if entry.isdecimal() and len(entry) < 19:
            drafting.forget(acting, int(entry))
            messages.success(request, _("Deleted."))
        return redirect("ivaz:book")
    return render(request, "ivaz/book.html", {"books": pages.books(acting)})


def _new(request: HttpRequest, form: InvoiceFileForm) -> HttpResponse:
    acting = _acting(request)
    context = {
        "form": form,
        "templates": selectors.templates_of(acting),
        "drafts": [(draft, ContentPage(draft)) for draft in selectors.drafts_of(acting)],
    }
    return render(request, "ivaz/new.html", context)


def _begun(request: HttpRequest, begun: invoicing.Begun) -> HttpResponse:
    """Go on with a draft, and tell what is in it already."""
    for level, words in invoices.told(begun):
        messages.add_message(request, level, words)
    return redirect("ivaz:draft-parties", begun.draft.pk)


def _keep(request: HttpRequest, draft: WaybillDraft, form: StepForm) -> None:
    """Keep a step; what another wrote meanwhile is not overwritten."""
    version = request.POST.get("version", "")
    if version != str(draft.version):
        raise ConflictError("draft-changed")
    kind = form.cleaned_data.get("kind") or draft.kind
    drafting.keep(_acting(request), draft, kind, form.into(draft.content))


def _acting(request: HttpRequest) -> Acting:
    return cast("PortalRequest", request).acting
