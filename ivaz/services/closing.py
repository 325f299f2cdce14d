"""Waybills nobody spoke of any more, closed as delivered as stated (VMI KD-8530)."""

from django.db import transaction

from imas.kernel import clock
from ivaz.models import Waybill
from ivaz.services.changing import done_by_nobody
from ivaz.states import MOVES
from ivaz.types import Act

_BATCH = 500


def close_due() -> int:
    """Close waybills whose last day to speak is over; return how many. Safe to call again."""
    closed = 0
    while True:
        with transaction.atomic():
            due = Waybill.objects.filter(
                state__in=MOVES[Act.CLOSE].origins, due_on__lt=clock.today()
            ).order_by("due_on", "pk")
            found = list(due.select_for_update(skip_locked=True)[:_BATCH])
            done_by_nobody(found, Act.CLOSE)
        closed += len(found)
        if len(found) < _BATCH:
            return closed
