"""What pages read of codes, announcements and outages."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from accounts.models import User
from avaz.models import Access, Fallback, Outage
from imas.kernel import clock
from imas.web.paging import Keyset, Page
from representation.types import Acting

VIEW = "ivaz.view"
FEED_DAYS = 90
"""For so long an outage stands in the feed after its end."""
_FALLBACKS = Keyset("pk", descending=True, size=50)
_OUTAGES = Keyset("start", "pk", descending=True, size=50)


def codes_of(user: User) -> Sequence[Access]:
    """Return a person's codes that are open, by taxpayer."""
    return list(Access.objects.filter(user=user, closed_at__isnull=True).select_related("taxpayer"))


def fallback_page(acting: Acting, cursor: str = "") -> Page[Fallback]:
    """Return what was announced for the taxpayer, the newest first."""
    acting.require(VIEW)
    return _FALLBACKS.page(Fallback.objects.visible_to(acting), cursor)


def outage_page(cursor: str = "") -> Page[Outage]:
    """Return all outages, the newest first."""
    return _OUTAGES.page(Outage.objects.all(), cursor)


def feed() -> dict[str, Any]:
    """Return the outages that last or ended of late, as programs read them."""
    now = clock.now()
    recent = Outage.objects.lasting(now) | Outage.objects.filter(
        end__gt=now - timedelta(days=FEED_DAYS)
    )
    return {
        "outages": [
            {
                "id": str(one.pk),
                "subsystem": one.subsystem,
                "start": one.start.isoformat(),
                "end": one.end.isoformat() if one.end else None,
                "lasts": one.start <= now and (one.end is None or one.end > now),
                "how": one.how,
                "effect": one.effect,
                "words": {"lt": one.words_lt, "en": one.words_en},
            }
            for one in recent.distinct().order_by("-start", "-pk")
        ]
    }
