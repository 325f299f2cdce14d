"""What pages read of codes, announcements and outages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from avaz.models import Access, Fallback, FallbackQuerySet, Outage
from avaz.types import FallbackState, Standing
from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from imas.web.paging import Keyset, Page
from representation.types import Acting

VIEW = "ivaz.view"
FEED_DAYS = 90
"""For so long an outage stands in the feed after its end."""
_FALLBACKS = Keyset("pk", descending=True, size=50)
_BY_DAY = Keyset("complete_until", "pk", size=50)
_OUTAGES = Keyset("start", "pk", descending=True, size=50)


def codes_of(user: User) -> Sequence[Access]:
    """Return a person's codes that are open, by taxpayer."""
    return list(Access.objects.filter(user=user, closed_at__isnull=True).select_related("taxpayer"))


def fallback_page(acting: Acting, cursor: str = "") -> Page[Fallback]:
    """Return what was announced for the taxpayer, the newest first."""
    acting.require(VIEW)
    return _FALLBACKS.page(Fallback.objects.visible_to(acting), cursor)


@dataclass(frozen=True, slots=True)
class FallbackQuery:
    """Which announcements of all taxpayers an officer looks for.

    `text`: a part of an ARN, a waybill's number, a taxpayer's name or code. The days are the last
    ones to complete it, both included.
    """

    text: str = ""
    state: FallbackState = FallbackState.OVERDUE
    since: date | None = None
    until: date | None = None


def fallbacks_found(query: FallbackQuery, overdue_before: date) -> FallbackQuerySet:
    """Return announcements of all taxpayers with who announced them, by their last day."""
    found = Fallback.objects.standing(query.state, overdue_before)
    if query.since:
        found = found.filter(complete_until__gte=query.since)
    if query.until:
        found = found.filter(complete_until__lte=query.until)
    if text := " ".join(query.text.replace("\0", "").split()):
        found = found.filter(
            Q(arn__icontains=text)
            | Q(number__icontains=text)
            | Q(access__taxpayer__name__icontains=text)
            | Q(access__taxpayer__code__startswith=text)
        )
    return found.select_related("access__taxpayer", "access__user").order_by("complete_until", "pk")


def fallback_desk_page(
    query: FallbackQuery, overdue_before: date, cursor: str = ""
) -> Page[Fallback]:
    """Return a page of them; UnprocessableError("bad-cursor") for a cursor that is none of ours."""
    return _BY_DAY.page(fallbacks_found(query, overdue_before), cursor)


def find_outage(outage_id: UUID) -> Outage:
    """Return an outage; NotFoundError("avaz-outage-unknown")."""
    found = Outage.objects.select_related("declared_by").filter(pk=outage_id).first()
    if found is None:
        raise NotFoundError("avaz-outage-unknown")
    return found


def planned() -> Sequence[Outage]:
    """Return the outages that are to begin, the next first."""
    return list(Outage.objects.planned(clock.now()).order_by("start", "pk"))


def outage_page(cursor: str = "") -> Page[Outage]:
    """Return all outages, the newest first."""
    return _OUTAGES.page(Outage.objects.all(), cursor)


def feed() -> dict[str, Any]:
    """Return the outages planned, lasting, ended or withdrawn of late, as programs read them."""
    now = clock.now()
    since = now - timedelta(days=FEED_DAYS)
    stands = Q(withdrawn_at__isnull=True) & (Q(end__isnull=True) | Q(end__gt=since))
    recent = Outage.objects.filter(stands | Q(withdrawn_at__gt=since))
    return {"outages": list(_as_told(recent.order_by("-start", "-pk"), now))}


def _as_told(outages: Iterable[Outage], now: datetime) -> Iterator[dict[str, Any]]:
    for one in outages:
        standing = one.standing(now)
        yield {
            "id": str(one.pk),
            "version": one.version,
            "subsystem": one.subsystem,
            "start": one.start.isoformat(),
            "end": one.end.isoformat() if one.end else None,
            "state": standing.value,
            "lasts": standing is Standing.LASTS,
            "how": one.how,
            "effect": one.effect,
            "words": {"lt": one.words_lt, "en": one.words_en},
        }
