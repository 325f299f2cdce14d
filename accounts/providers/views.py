"""Pages on the way to a provider and back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.services import passing
from accounts.views import way_in


@never_cache
@require_POST
def through(request: HttpRequest, provider: str) -> HttpResponse:
    """Send the browser to a provider, by a page that says so.

    A page and not a redirect: our content security policy lets forms lead to ourselves only.
    """
    if request.user.is_authenticated:
        return way_in(request)
    departure = passing.leave(request, provider, request.POST.get("next", ""))
    state = {"departure": departure, "name": _name(provider)}
    return render(request, "accounts/through.html", state)


@never_cache
@require_GET
def back(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the browser back from a provider and let in whom the answer proves."""
    if request.user.is_authenticated:
        return way_in(request)
    return way_in(request, passing.arrive(request, provider, request.GET.dict()))


def _name(key: str) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return next(one.words(language) for one in settings.IDENTITY_PROVIDERS if one.key == key)
