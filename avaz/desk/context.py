"""What every page of the desk needs for its frame: no user, no sidebar, nothing of the portal."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from django.http import HttpRequest


def frame(request: "HttpRequest") -> dict[str, Any]:
    """Give the languages, and where the main system is."""
    current = translation.get_language()
    return {
        "framed": False,
        "main_url": settings.SITE_URL,
        "languages": [
            {"code": code, "name": name, "is_current": code == current}
            for code, name in settings.LANGUAGES
        ],
        "request_id": getattr(request, "request_id", ""),
    }
