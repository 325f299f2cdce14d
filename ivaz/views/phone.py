"""The phone of drivers and consignees: pages that open without a signal, acts done once."""

from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from imas.kernel import clock
from imas.kernel.errors import DomainError
from imas.web.exceptions import refusal_of
from ivaz import papers, selectors
from ivaz.forms.phone import PlateForm, PressForm, act_form, told_by
from ivaz.pages import phone as pages
from ivaz.services import phoning, sending
from ivaz.types import Act
from ivaz.views.phone_language import in_its_language, switch
from representation.requests import PortalRequest
from representation.services import journal_view
from representation.types import Acting


@require_GET
@in_its_language
def phone(request: HttpRequest) -> HttpResponse:
    """List what the taxpayer carries or receives now, of one vehicle or of all."""
    form = PlateForm(request.GET)
    plate = form.cleaned_data["plate"] if form.is_valid() else ""
    found = list(pages.pages_of(selectors.under_way(_acting(request), plate)))
    context = {
        "form": form,
        "waiting": [page for page in found if page.waits],
        "others": [page for page in found if not page.waits],
        "is_full": len(found) == selectors.MOST_ON_PHONE,
    }
    return _kept(request, "ivaz/phone.html", context)


@require_GET
@in_its_language
def waybill(request: HttpRequest, rn: str) -> HttpResponse:
    """Show a waybill with its square and everything that may be done to it."""
    page = _page(request, rn)
    journal_view(_acting(request), "ivaz.waybill-seen", rn)
    return _shown(request, page, page.acts_with())


@require_POST
@in_its_language
def act(request: HttpRequest, rn: str, act: Act) -> HttpResponse:
    """Do something to a waybill once; phones are answered as data, forms without scripts by pages.

    An answer that says whether it was taken is final: the phone does not send it again.
    """
    if not request.accepts("text/html"):
        return _answered(request, rn, act)
    page, press = _page(request, rn), PressForm(request.POST)
    form = act_form(act, page.lines, request.POST)
    if not (press.is_valid() and form.is_valid()):
        return _shown(request, page, page.acts_with(act, form))
    outcome = _outcome(request, page, act, (press, form))
    if outcome.is_taken:
        messages.success(request, _("It is done, and the other parties see it."))
    else:
        messages.error(request, pages.outcome_out(outcome)["words"])
    return redirect("ivaz:phone-waybill", rn)


@require_GET
@in_its_language
def away(request: HttpRequest) -> HttpResponse:
    """Say that a page was not opened before and cannot be without a signal."""
    return _kept(request, "ivaz/phone_away.html", {})


@require_GET
def standing(request: HttpRequest) -> HttpResponse:
    """Tell a page that was kept whose session this is now, and the token its forms need."""
    told = {"owner": phoning.owner_of(_acting(request)), "token": get_token(request)}
    return JsonResponse(told)


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """Give the script that keeps pages; from here it reaches the pages of the phone and no more."""
    with staticfiles_storage.open("build/worker.js") as script:
        return HttpResponse(script.read(), content_type="text/javascript; charset=utf-8")


def _answered(request: HttpRequest, rn: str, act: Act) -> HttpResponse:
    """Answer a phone; one whose session is another's by now keeps the act until its owner is back.

    So that is asked before anything else: a stranger's "not found" would be taken for an answer.
    """
    if request.POST.get("owner") != phoning.owner_of(_acting(request)):
        return JsonResponse({"taken": None, "words": ""}, status=HTTPStatus.CONFLICT)
    try:
        page, press = _page(request, rn), PressForm(request.POST)
        form = act_form(act, page.lines, request.POST)
        if not (press.is_valid() and form.is_valid()):
            told = pages.mistakes_out([press, form])
            return JsonResponse(told, status=HTTPStatus.BAD_REQUEST)
        outcome = _outcome(request, page, act, (press, form))
    except DomainError as error:
        refusal = refusal_of(error)
        assert refusal  # noqa: S101 - every DomainError is one
        return JsonResponse(pages.refusal_out(refusal), status=refusal.status)
    return JsonResponse(pages.outcome_out(outcome))


def _outcome(
    request: HttpRequest, page: pages.PhonePage, act: Act, told: tuple[PressForm, Any]
) -> phoning.Outcome:
    press, form = told[0].press(), told[1]
    said = told_by(act, page.waybill.rn, form, press)
    return phoning.act_once(_acting(request), press, page.waybill.rn, act, said)


def _shown(request: HttpRequest, page: pages.PhonePage, acts: list[pages.PhoneAct]) -> HttpResponse:
    may = _acting(request).may_wholly(sending.RIGHT)
    square = mark_safe(papers.square(page))  # noqa: S308 - drawn by segno: dark squares alone
    context = {"page": page, "acts": acts if may else [], "square": square}
    return _kept(request, "ivaz/phone_waybill.html", context)


def _kept(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Return a page that the phone keeps, marked by whose it is.

    The frame of the portal stays off: a phone is narrow, and what it keeps should be little.
    """
    owner = phoning.owner_of(_acting(request))
    frame = {
        "framed": False,
        "owner": owner,
        "made_at": clock.now(),
        "languages": switch(),
        "language_url": reverse("ivaz:phone-language"),
    }
    answer = render(request, template, {**context, **frame})
    answer["X-Phone-Owner"] = owner
    return answer


def _page(request: HttpRequest, rn: str) -> pages.PhonePage:
    return pages.PhonePage(*selectors.find_waybill(_acting(request), rn))


def _acting(request: HttpRequest) -> Acting:
    return cast("PortalRequest", request).acting
