"""The banner of an outage, on every page."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest

from avaz.models import Outage
from avaz.standing import lasting


def outages(_request: HttpRequest) -> dict[str, Callable[[], Sequence[Outage]]]:
    """Give the outages that last; asked only where the page has a banner."""
    return {"outages_now": lasting}
