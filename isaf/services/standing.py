"""Standing orders: a report of every tax period, ordered by the house when it is due."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from imas.kernel.periods import Period
from isaf.models import StandingOrder
from isaf.selectors import PeriodLine, last_lines
from isaf.selectors.pairs import PairQuery
from isaf.services.crosscheck import chosen_of, order_cross_check, query_chosen
from representation.services import acting_of, journal
from representation.types import Acting

_AT_ONCE = 500
_AFTER_THE_DEADLINE = timedelta(days=1)


def start(acting: Acting, query: PairQuery, ordered: Sequence[Period] = ()) -> StandingOrder:
    """Order a report of every tax period to come, the last one included; the same twice is once.

    Of the periods `ordered` already, one whose registers were due is not ordered again.
    """
    acting.require("isaf.crosscheck")
    done = max((period.code for period in ordered if _was_due(period)), default="")
    with transaction.atomic():
        made, is_new = StandingOrder.objects.active().get_or_create(
            taxpayer_id=acting.taxpayer_id,
            ordered_by_id=acting.user_id,
            filter=chosen_of(query),
            defaults={"last_period": done},
        )
        if is_new:
            journal(acting, "isaf.standing-order-started", acting.taxpayer_code)
    return made


def stop(acting: Acting, order_id: UUID) -> None:
    """Stop a standing order: NotFoundError("standing-order-not-found"); twice is once."""
    acting.require("isaf.crosscheck")
    with transaction.atomic():
        found = StandingOrder.objects.visible_to(acting).filter(pk=order_id)
        if not found.exists():
            raise NotFoundError("standing-order-not-found")
        if found.active().update(stopped_at=clock.now()):
            journal(acting, "isaf.standing-order-stopped", acting.taxpayer_code)


def order_due() -> Iterator[UUID]:
    """Order the reports that have come due, and yield them; of two workers one orders each.

    A report is due the day after the registers of a period are, postponements counted. Whoever
    may no longer order it for the taxpayer has his order stopped.
    """
    orders = StandingOrder.objects.active().select_related("taxpayer", "ordered_by")
    waiting = orders.iterator(chunk_size=_AT_ONCE)
    while some := list(islice(waiting, _AT_ONCE)):
        lines = last_lines([order.taxpayer_id for order in some], clock.today())
        for order in some:
            if report_id := _ordered(order, lines):
                yield report_id


def _was_due(period: Period) -> bool:
    return clock.today() >= period.deadline + _AFTER_THE_DEADLINE


@transaction.atomic
def _ordered(order: StandingOrder, lines: Mapping[int, PeriodLine]) -> UUID | None:
    line = lines[order.taxpayer_id]
    is_early = clock.today() < line.deadline + _AFTER_THE_DEADLINE
    if is_early or line.period.code == order.last_period:
        return None
    taken = StandingOrder.objects.active().filter(pk=order.pk, last_period=order.last_period)
    if not taken.update(last_period=line.period.code):
        return None
    acting = acting_of(order.ordered_by, order.taxpayer, clock.now())
    if acting is None or not acting.may("isaf.crosscheck"):
        StandingOrder.objects.filter(pk=order.pk).update(stopped_at=clock.now())
        return None
    return order_cross_check(acting, [line.period], query_chosen(order.filter)).pk
