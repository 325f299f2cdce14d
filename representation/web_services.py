"""What the pages under Settings → web services share, whichever subsystem they are of."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the views of Settings → web services, the one at this name of an address marked."""
    views = (
        ("representation:keys", gettext("Keys")),
        ("representation:certificates", gettext("Certificates")),
        ("mailbox:webhooks", gettext("Webhooks")),
    )
    return [
        {"url": reverse(name), "label": label, "is_current": name == current}
        for name, label in views
    ]
