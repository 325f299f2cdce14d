"""What a square on a waybill leads to: for anybody, and so no more than a check needs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from ivaz import signing
from ivaz.pages.checking import checked


@require_GET
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Tell whether a square is ours, and how its waybill stands now: no party, no goods."""
    claims = signing.read(token)
    found = checked(claims) if claims else None
    context = {"token": token, "claims": claims, "found": found}
    return render(request, "ivaz/check.html", context, status=200 if found else 404)


@require_GET
@cache_control(public=True, max_age=3600)
def keys(_request: HttpRequest) -> JsonResponse:
    """Publish the keys the squares are signed by (JWKS)."""
    return JsonResponse(signing.published())
