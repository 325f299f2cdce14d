"""Mailboxes told of outages, some hundreds at a time; where it broke off it goes on."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from avaz.models import Access, OutageNotice
from avaz.notices import announce_outage
from avaz.services.following import excused, prolong
from avaz.types import Occasion
from imas.kernel import clock
from ivaz import ports as ivaz

TOLD_AT_ONCE = 500
_ENDING = {Occasion.OVER, Occasion.CORRECTED, Occasion.WITHDRAWN}


def tell_outages() -> bool:
    """Tell the next mailboxes of what is due; whether anything is left.

    Told are taxpayers who have a code, and those who prepared a waybill dispatched within
    AVAZ_NOTICE_DAYS, each once for each notice.
    """
    due = OutageNotice.objects.filter(told_at__isnull=True, due_at__lte=clock.now())
    notice = due.first()
    if notice is None:
        return False
    _tell_some(notice.pk)
    return due.exists()


@transaction.atomic
def _tell_some(notice_id: int) -> None:
    held = OutageNotice.objects.select_for_update(of=("self",)).select_related("outage")
    notice = held.filter(pk=notice_id, told_at__isnull=True).first()
    if notice is None:
        return  # another worker told the last ones, or it is not worth telling any more
    now = clock.now()
    if not notice.told_to and notice.occasion in _ENDING:
        prolong(notice.outage, now)
    taxpayer_ids = _after(notice.told_to)
    if taxpayer_ids:
        days = [until for _start, _end, until in excused(notice.outage) if until]
        notice.count += announce_outage(notice, taxpayer_ids, max(days, default=None))
        notice.told_to = taxpayer_ids[-1]
    else:
        notice.told_at = now
    notice.save(update_fields=["told_to", "told_at", "count"])


def _after(taxpayer_id: int) -> list[int]:
    """Return the next taxpayers to tell, by id; two queries, each by an index."""
    users = Access.objects.filter(closed_at__isnull=True, taxpayer_id__gt=taxpayer_id)
    ids = users.order_by("taxpayer_id").values_list("taxpayer_id", flat=True).distinct()
    since = clock.now() - timedelta(days=settings.AVAZ_NOTICE_DAYS)
    preparers = ivaz.preparers(since, after=taxpayer_id, most=TOLD_AT_ONCE)
    return sorted({*ids[:TOLD_AT_ONCE], *preparers})[:TOLD_AT_ONCE]
