"""The languages of the phone view: drivers speak more of them than the portal does."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_POST

from imas.web.addresses import is_ours

LANGUAGES = (("lt", "Lietuvių"), ("en", "English"), ("pl", "Polski"), ("ru", "Русский"))
COOKIE = "phone-language"

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Speak a language on this phone; the language of the person stays what it is."""
    wanted = request.POST.get("next", "")
    answer: HttpResponse = redirect(wanted if is_ours(request, wanted) else "ivaz:phone")
    language = request.POST.get("language", "")
    if language in dict(LANGUAGES):
        answer.set_cookie(
            COOKIE,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return answer


def in_its_language(page: Page[P]) -> Page[P]:
    """Let a page speak the language chosen on this phone, where one is."""

    @wraps(page)
    def spoken(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        chosen = request.COOKIES.get(COOKIE, "")
        if chosen not in dict(LANGUAGES):
            return page(request, *args, **kwargs)
        with translation.override(chosen):
            answer = page(request, *args, **kwargs)
        answer.headers["Content-Language"] = chosen
        return answer

    return spoken


def switch() -> list[dict[str, Any]]:
    """Return the languages as the switch shows them."""
    current = translation.get_language()
    return [{"code": code, "name": name, "is_current": code == current} for code, name in LANGUAGES]
