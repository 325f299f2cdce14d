"""Pages and a feed for anybody: is everything well, and what to do when it is not."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from avaz import selectors, standing


@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """Tell what does not work now and what to do."""
    context = {
        "lasting": standing.lasting(),
        "planned": selectors.planned(),
        "desk_url": settings.AVAZ_URL,
    }
    return render(request, "avaz/status.html", context)


@require_GET
def outages(request: HttpRequest) -> HttpResponse:
    """List all outages."""
    page = selectors.outage_page(request.GET.get("at", ""))
    return render(request, "avaz/outages.html", {"page": page})


@require_GET
def feed(_request: HttpRequest) -> JsonResponse:
    """Tell programs the same; it may be kept for half a minute."""
    answer = JsonResponse(selectors.feed())
    answer["Cache-Control"] = "public, max-age=30"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
