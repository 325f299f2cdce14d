"""Many mandates passed on by one form or one list, looked at before anything is sent."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.stepup import second_factor_demanded
from imas.kernel.errors import DomainError, NotFoundError
from imas.web.messages import words_for
from representation import limits, services, tasks
from representation.bulk_forms import BulkForm, CheckedForm, CheckedListForm, MandateListForm
from representation.mandate_lists import ListRow, MandateList, as_text, read_list
from representation.messages import rights_words
from representation.models import Mandate, MandateLetter
from representation.requests import PortalRequest
from representation.services import Addressee, NewPerson, Order, Planned, Terms
from representation.types import Acting, MandateSource
from representation.views.showing import shown, tried

PAGE = ["GET", "HEAD", "POST"]
_OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "leave_out"})


@dataclass(frozen=True, slots=True)
class Line:
    """One order as it is looked at: what would be given, or why not. `row` is that of a list."""

    planned: Planned
    row: int = 0

    @property
    def rights(self) -> list[str]:
        """The rights, in words."""
        return rights_words(self.planned.terms.given)

    @property
    def limits(self) -> list[str]:
        """The limits, in words."""
        return limits.words(self.planned.terms.narrowing.limits)

    @property
    def refusal(self) -> str:
        """Why it is refused, in words."""
        refused = self.planned.refusal
        return _words(refused.code, refused.params) if refused else ""


@sensitive_post_parameters("people")
@require_http_methods(PAGE)
@second_factor_demanded
def bulk(request: HttpRequest) -> HttpResponse:
    """Choose clients, people and rights; what was typed comes back here to be changed."""
    acting = cast("PortalRequest", request).acting
    return render(request, "representation/bulk.html", {"form": _form(acting, request)})


@sensitive_post_parameters("people")
@require_POST
@second_factor_demanded
def bulk_check(request: HttpRequest) -> HttpResponse:
    """Show what would be passed on to whom; nothing is sent."""
    acting = cast("PortalRequest", request).acting
    form = _form(acting, request)
    if not form.is_valid() or not (lines := _lines(acting, form)):
        return render(request, "representation/bulk.html", {"form": form})
    page = {"checked": CheckedForm(), "kept": _typed(request), **_told(lines)}
    return render(request, "representation/bulk_check.html", page)


@sensitive_post_parameters("people")
@require_POST
@second_factor_demanded
def bulk_send(request: HttpRequest) -> HttpResponse:
    """Pass on what was looked at."""
    acting = cast("PortalRequest", request).acting
    form, checked = _form(acting, request), CheckedForm(request.POST)
    if not form.is_valid() or not (lines := _lines(acting, form)):
        return render(request, "representation/bulk.html", {"form": form})
    if checked.is_valid() and _sent(request, checked, lines, MandateSource.BULK):
        return redirect("representation:matrix")
    page = {"checked": checked, "kept": _typed(request), **_told(lines)}
    return render(request, "representation/bulk_check.html", page)


@sensitive_post_parameters()
@require_http_methods(PAGE)
@second_factor_demanded
def mandate_list(request: HttpRequest) -> HttpResponse:
    """Take a list in and show what would become of each of its rows."""
    acting = cast("PortalRequest", request).acting
    services.held_to_pass_on(acting)
    form = MandateListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        document = form.cleaned_data["document"]
        if (page := _read(acting, form, document.file)) is not None:
            return render(request, "representation/mandate_list_check.html", page)
    context = {"form": form, "limit": settings.MANDATE_BULK_ROWS}
    return render(request, "representation/mandate_list.html", context)


@sensitive_post_parameters("rows")
@require_POST
@second_factor_demanded
def mandate_list_send(request: HttpRequest) -> HttpResponse:
    """Pass on what the rows of a list say that was looked at."""
    acting = cast("PortalRequest", request).acting
    services.held_to_pass_on(acting)
    checked = CheckedListForm(request.POST)
    if not checked.is_valid():
        return redirect("representation:mandate-list")
    page = _read(acting, checked, io.BytesIO(checked.cleaned_data["rows"].encode()))
    if page is None:
        return redirect("representation:mandate-list")
    is_whole = not page["unread"] or checked.cleaned_data["leave_out"]
    if not is_whole:
        checked.add_error(None, _words("bulk-refused", {}))
    elif _sent(request, checked, page["lines"], MandateSource.IMPORT):
        return redirect("representation:matrix")
    return render(request, "representation/mandate_list_check.html", {**page, "checked": checked})


@require_http_methods(PAGE)
def bulk_end(request: HttpRequest) -> HttpResponse:
    """Show what is about to be taken back; take it back when that is confirmed."""
    acting = cast("PortalRequest", request).acting
    asked = request.POST if request.method == "POST" else request.GET
    ids = _ids(asked.getlist("mandate"))
    mandates = services.passed_on_of(acting, ids)
    if request.method == "POST":
        count = services.end_together(acting, ids)
        words = ngettext("%(count)s mandate is taken back.", "%(count)s are taken back.", count)
        messages.success(request, words % {"count": count})
        return redirect("representation:matrix")
    page = {"mandates": [shown(one) for one in mandates]}
    return render(request, "representation/bulk_end.html", page)


def _form(acting: Acting, request: HttpRequest) -> BulkForm:
    held, people = services.held_to_pass_on(acting), services.people_of(acting)
    return BulkForm(held, people, request.POST if request.method == "POST" else None)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed in the form, to be sent again from the page that shows what it means."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OWN_FIELDS
        for value in values
    ]


def _lines(acting: Acting, form: BulkForm) -> list[Line]:
    """Return what would become of each order; none when the form itself is refused."""
    planned: list[Planned] = []
    tried(form, lambda: planned.extend(services.plan(acting, form.orders())))
    return [Line(one) for one in planned]


def _told(lines: Sequence[Line]) -> dict[str, Any]:
    given = [line for line in lines if not line.planned.refusal]
    return {
        "lines": lines,
        "given": len(given),
        "refused": len(lines) - len(given),
        "people": len({line.planned.order.person.fingerprint for line in given}),
    }


def _sent(
    request: HttpRequest, checked: CheckedForm, lines: Sequence[Line], source: MandateSource
) -> bool:
    """Pass on what is not refused; if anything is, only when it may be left out."""
    acting, leave_out = cast("PortalRequest", request).acting, checked.cleaned_data["leave_out"]
    orders = [line.planned.order for line in lines if not (leave_out and line.planned.refusal)]
    mandates: list[Mandate] = []

    def deed() -> None:
        mandates.extend(services.pass_on_together(acting, orders, source))
        for letter_id in MandateLetter.objects.filter(mandate__in=mandates).values_list("pk"):
            tasks.send_letter.delay_on_commit(str(letter_id[0]))

    if not tried(checked, deed):
        return False
    words = ngettext(
        "%(count)s mandate is offered. It holds once it is accepted.",
        "%(count)s mandates are offered. Each person accepts them by one link.",
        len(mandates),
    )
    messages.success(request, words % {"count": len(mandates)})
    return True


def _read(acting: Acting, form: Any, file: Any) -> dict[str, Any] | None:
    """Read a list and tell of each row what would become of it; None: the form says why not."""
    found: list[MandateList] = []
    planned: list[Planned] = []

    def deed() -> None:
        found.append(read_list(file, settings.MANDATE_BULK_ROWS))
        planned.extend(services.plan(acting, _orders(acting, found[0].rows)))

    if not tried(form, deed):
        return None
    (read,) = found
    lines = [Line(one, row.number) for one, row in zip(planned, read.rows, strict=True)]
    unread = [{"problem": one, "words": _words(one.code, {})} for one in read.problems]
    initial = {"rows": as_text(read)}
    return {**_told(lines), "unread": unread, "checked": CheckedListForm(initial=initial)}


def _orders(acting: Acting, rows: Sequence[ListRow]) -> list[Order]:
    held: dict[str, list[Mandate]] = {}
    for mandate in services.held_to_pass_on(acting):
        held.setdefault(mandate.taxpayer.code, []).append(mandate)
    return [_order(row, held.get(row.client, ())) for row in rows]


def _order(row: ListRow, held: Sequence[Mandate]) -> Order:
    """Take the client's mandate that gives all of the rights, else any; none is an unknown one."""
    wide = [one for one in held if set(row.rights) <= set(one.rights)]
    above = next(iter([*wide, *held]), None)
    person = Addressee.of(NewPerson(row.name, row.personal_code, row.email))
    narrowing = above.narrowing if above else Terms((), row.until).narrowing
    terms = Terms(row.rights, row.until, narrowing=narrowing)
    return Order(above.pk if above else UUID(int=0), person, terms)


def _ids(texts: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise NotFoundError("mandate-not-found") from None


def _words(code: str, params: Mapping[str, str]) -> str:
    title, detail = words_for(code, DomainError.default_code, params)
    return f"{title}. {detail}"


__all__ = ["bulk", "bulk_check", "bulk_end", "bulk_send", "mandate_list", "mandate_list_send"]
