"""Who may submit waybills that name the taxpayer."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from imas.kernel.errors import UnprocessableError
from imas.web.messages import words_for
from representation.register_forms import WaybillRuleForm
from representation.requests import PortalRequest
from representation.services.waybills import RIGHT, save_waybill_rule
from representation.types import Acting
from representation.waybills import submitters_of


@require_http_methods(["GET", "HEAD", "POST"])
def waybill_submitters(request: HttpRequest) -> HttpResponse:
    """Show the rule and change it."""
    acting = cast("PortalRequest", request).acting
    acting.require(RIGHT)
    stands = submitters_of(acting.taxpayer_id)
    initial = {"who": _WHO[stands.only_listed], "codes": "\n".join(stands.codes)}
    form = WaybillRuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved(acting, form):
        messages.success(request, gettext("The rule is saved; it holds at once."))
        return redirect("representation:waybill-submitters")
    return render(request, "representation/waybill_submitters.html", {"form": form})


_WHO = {False: "everybody", True: "listed"}


def _saved(acting: Acting, form: WaybillRuleForm) -> bool:
    only_listed = form.cleaned_data["who"] == _WHO[True]
    try:
        save_waybill_rule(acting, only_listed=only_listed, codes=form.listed())
    except UnprocessableError as refusal:
        title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
        form.add_error("codes", f"{title}. {detail}")
        return False
    return True
