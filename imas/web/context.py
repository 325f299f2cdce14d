"""What every page of the portal needs for its frame."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from imas.kernel import clock
from imas.web.sidebar import Sidebar, sidebar

if TYPE_CHECKING:
    from django.http import HttpRequest


def frame(request: "HttpRequest") -> dict[str, Any]:
    """Give the mandate, the sidebar and the languages.

    `framed` is false for visitors and for people who must first accept the rules or confirm
    their e-mail: they see one calm page without a sidebar.
    """
    acting = getattr(request, "acting", None)
    user = getattr(request, "user", None)
    framed = bool(user and user.is_authenticated and getattr(request, "ready", True))
    return {
        "acting": acting,
        "framed": framed,
        "sidebar": _sidebar(request, acting) if framed else None,
        "languages": _languages(),
        "request_id": getattr(request, "request_id", ""),
    }


def _sidebar(request: "HttpRequest", acting: Any) -> Sidebar:
    user: Any = request.user
    return sidebar(
        acting, request.path, is_staff=user.is_staff, duties=user.duties_on(clock.today())
    )


def _languages() -> list[dict[str, Any]]:
    current = translation.get_language()
    return [
        {"code": code, "name": name, "is_current": code == current}
        for code, name in settings.LANGUAGES
    ]
