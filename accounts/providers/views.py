"""Pages on the way to a provider and back."""

from urllib.parse import urlencode, urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts import tasks
from accounts.providers.door import Departure
from accounts.providers.viisp.gateway import fingerprint
from accounts.services import passing
from accounts.views import way_in
from imas.kernel.errors import ForbiddenError


@never_cache
@require_POST
def through(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Send the browser to a provider, by a page that says so.

    A page and not a redirect: our content security policy lets forms lead to ourselves only.
    """
    if request.user.is_authenticated:
        return way_in(request)
    departure = passing.leave(request, provider, request.POST.get("next", ""))
    return _page_of(request, departure, _name(provider))


@csrf_exempt
@never_cache
@require_POST
def posted(request: HttpRequest, provider: str) -> HttpResponse:
    """Turn a provider's form into a link to ourselves.

    The browser sends our cookie with a link from elsewhere, not with a form (SameSite). Nothing is
    believed here: the ticket is only compared with the one of this browser.
    """
    answer = {
        "state": request.POST.get("customData", "")[:200],
        "ticket": fingerprint(request.POST.get("ticket", "")),
    }
    return redirect(f"{reverse('accounts:through-back', args=[provider])}?{urlencode(answer)}")


@never_cache
@require_GET
def back(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the browser back from a provider and let in whom the answer proves.

    Somebody from abroad whom i.MAS does not know yet is led to applying for access.
    """
    if request.user.is_authenticated:
        return way_in(request)
    try:
        wanted = passing.arrive(request, provider, request.GET.dict())
    except ForbiddenError as refusal:
        if refusal.code != "foreigner-unknown":
            raise
        return redirect("accounts:apply")
    return way_in(request, wanted)


@csrf_exempt
@never_cache
@require_POST
def ended(request: HttpRequest, provider: str) -> HttpResponse:
    """Hear from a provider's server that a session there has ended (back-channel logout)."""
    tasks.tell_of(passing.end_sessions(provider, request.POST.get("logout_token", "")))
    return HttpResponse(status=200)


def _page_of(request: HttpRequest, departure: Departure, name: str) -> HttpResponseBase:
    """Show where the browser goes; the page alone may send a form there."""
    parts = urlsplit(departure.address)
    allowed = {"form-action": f"{parts.scheme}://{parts.netloc}"}

    @csp_update(allowed if departure.fields else {})
    def page(request: HttpRequest) -> HttpResponse:
        state = {"departure": departure, "name": name}
        return render(request, "accounts/through.html", state)

    return page(request)


def _name(key: str) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return next(one.words(language) for one in settings.IDENTITY_PROVIDERS if one.key == key)
