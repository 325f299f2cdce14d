"""What the pages of keys and of certificates share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the views of Settings → web services, the current one marked."""
    views = (("keys", gettext("Keys")), ("certificates", gettext("Certificates")))
    return [
        {"url": reverse(f"representation:{name}"), "label": label, "is_current": name == current}
        for name, label in views
    ]
