"""The calendar of deadlines: a page, what one puts off, and a link for calendar programs."""

from typing import cast

from django.conf import settings
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mailbox import ical, selectors, services
from mailbox.forms import ReminderForm, SnoozeForm
from mailbox.presenting import calendar_tabs
from representation.requests import PortalRequest


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show what is due, late, done or put off, by months."""
    portal = cast("PortalRequest", request)
    portal.acting.require(services.VIEW)
    view = request.GET.get("view", "")
    context = {
        "months": selectors.months_of(portal.acting, view),
        "tabs": calendar_tabs(view),
        "link": selectors.calendar_link_of(portal.acting),
        "reminders": ReminderForm(initial={"days": selectors.reminder_days_of(portal.user)}),
        "snooze_days": services.SNOOZE_DAYS,
    }
    return render(request, "mailbox/calendar.html", context)


@require_POST
def snooze(request: HttpRequest) -> HttpResponse:
    """Put a deadline off."""
    form = SnoozeForm(request.POST)
    if form.is_valid():
        services.snooze(cast("PortalRequest", request).acting, **form.cleaned_data)
        flash.success(request, gettext("Put off; it stands among what is put off until then."))
    return redirect("mailbox:calendar")


@require_POST
def wake(request: HttpRequest) -> HttpResponse:
    """See a deadline again."""
    services.wake(cast("PortalRequest", request).acting, request.POST.get("key", ""))
    return redirect("mailbox:calendar")


@require_POST
def reminders(request: HttpRequest) -> HttpResponse:
    """Keep how many days before a deadline the person is reminded."""
    form = ReminderForm(request.POST)
    if form.is_valid():
        services.choose_reminders(cast("PortalRequest", request).user, form.cleaned_data["days"])
        flash.success(request, gettext("Saved."))
    return redirect("mailbox:calendar")


@never_cache
@require_POST
def new_link(request: HttpRequest) -> HttpResponse:
    """Make a link and show it this once."""
    token = services.new_calendar_link(cast("PortalRequest", request).acting)
    address = f"{settings.SITE_URL}{reverse('mailbox:calendar-feed', args=[token])}"
    return render(request, "mailbox/calendar_link.html", {"address": address})


@require_POST
def revoke_link(request: HttpRequest) -> HttpResponse:
    """End the link."""
    services.revoke_calendar_link(cast("PortalRequest", request).acting)
    flash.success(request, gettext("The calendar link opens nothing any more."))
    return redirect("mailbox:calendar")


@never_cache
@require_safe
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """Give the deadlines to whoever holds the link, in the language of its owner."""
    opened = services.open_calendar(token)
    with translation.override(opened.language):
        content = ical.written(opened)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
