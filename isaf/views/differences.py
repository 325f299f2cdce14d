"""The mismatches of a period in sum: with whom, how they develop, what they may cost."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from isaf.forms.crosscheck import PeriodForm
from isaf.pages.differences import DifferencesPage
from isaf.selectors import pairs
from representation.requests import PortalRequest
from representation.services import journal_view


@require_GET
def differences(request: HttpRequest) -> HttpResponse:
    """Show the mismatches of a period by counterparty, and those of a year by month."""
    acting = cast("PortalRequest", request).acting
    form = PeriodForm(request.GET, pairs.submitted_periods(acting))
    if (period := form.asked_period) is None:
        return render(request, "isaf/crosscheck_nothing.html", {})
    journal_view(acting, "isaf.crosscheck-seen", period.code)
    page = DifferencesPage(acting, period)
    return render(request, "isaf/differences.html", {"page": page, "form": form})
