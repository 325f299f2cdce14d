"""What a browser says of itself, in plain words; and the cookie by which it is known again."""

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE_SECONDS = 400 * 24 * 3600
"""As long as browsers keep a cookie at all."""
_SALT = "accounts.device"
# The order matters: most browsers also claim to be Chrome and Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def in_plain_words(user_agent: str) -> str:
    """Return “Firefox, Windows”; what is not known is left out, and "" says nothing is."""
    parts = (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))
    return ", ".join(part for part in parts if part)


def cookie_hash(request: HttpRequest) -> str:
    """Return the fingerprint of the browser's cookie; "" when it shows none of ours."""
    try:
        device = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=COOKIE_SECONDS
        )
    except signing.BadSignature:
        return ""
    return _hash(str(device))


def name_browser(request: HttpRequest) -> str:
    """Give the browser a new name, which `set_cookie` will hand over; return its fingerprint."""
    device = secrets.token_urlsafe(24)
    request.new_device_cookie = signing.dumps(device, salt=_SALT)  # type: ignore[attr-defined]
    return _hash(device)


def set_cookie(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Hand the new name over, when there is one."""
    if value := getattr(request, "new_device_cookie", ""):
        answer.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            value,
            max_age=COOKIE_SECONDS,
            secure=settings.IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")


def _hash(device: str) -> str:
    return hashlib.sha256(device.encode()).hexdigest()
