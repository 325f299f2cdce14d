"""Queue shells: one id in, one service called. The rows are the queue; this only makes it quick."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import group, shared_task
from celery.signals import worker_ready
from django.db.models import QuerySet

from imas.kernel import clock
from imas.kernel.periods import Period
from intake.models import Document
from isaf import judging, services
from isaf.models import MonthPiece, PairRefresh, PreliminaryReturn, Register
from isaf.services import computing, crosscheck, importing, months, standing

SWEPT = 500
PUT_OFF_SECONDS = 10

MONTHS_MADE_SURE_OF = 3
"""This month and those before it: most registers, and most corrections, are of these."""
RANGES_MADE_SURE_OF = 8
"""Each holds an eighth of a month in memory, 64 bytes an invoice."""


@worker_ready.connect
def prepare_judging(sender: Any, **_: Any) -> None:
    """A worker that takes documents in is ready for a large one before the first comes."""
    if "intake" in sender.app.amqp.queues.consume_from:
        judging.prepare()


@shared_task(name="isaf.decide_register", acks_late=True)
def decide_register(register_id: str) -> None:
    """Check a register that is due, and decide on it when it was submitted."""
    services.decide_register(UUID(register_id))
    _queue_refreshes(Register.objects.get(pk=register_id))


@shared_task(name="isaf.refresh_pairs", acks_late=True)
def refresh_pairs(refresh_id: int) -> None:
    """Make the pairs of one taxpayer and period anew."""
    services.refresh_due_pairs(refresh_id)


@shared_task(name="isaf.refresh_month_piece", acks_late=True)
def refresh_month_piece(piece_id: int) -> None:
    """Judge a range of a month for everybody, and queue the last piece when it has come due."""
    if order := months.refresh_month_piece(piece_id):
        _queue_pieces(MonthPiece.objects.due().of_order(order).filter(nth=None))


@shared_task(name="isaf.run_cross_check", acks_late=True)
def run_cross_check(crosscheck_id: str) -> None:
    """Draw up an ordered cross-check report."""
    crosscheck.run_cross_check(UUID(crosscheck_id))


@shared_task(name="isaf.compute_return", acks_late=True)
def compute_return(return_id: str) -> None:
    """Compute a preliminary return that is due."""
    computing.compute_return(UUID(return_id))


@shared_task(name="isaf.order_standing", acks_late=True)
def order_standing() -> None:
    """Order the reports of standing orders that have come due."""
    for cross_check_id in standing.order_due():
        run_cross_check.delay(str(cross_check_id))


@shared_task(name="isaf.make_sure", acks_late=True)
def make_sure() -> None:
    """Have the pairs of the months that registers come in for held against what registers say."""
    months.forget_done()
    day = clock.today()
    for _ in range(MONTHS_MADE_SURE_OF):
        month = Period.month(day.year, day.month)
        queue_month(month, RANGES_MADE_SURE_OF)
        day = month.start - timedelta(days=1)


@shared_task(name="isaf.sweep", acks_late=True)
def sweep() -> None:
    """Queue whatever was lost, give up what cannot be done, throw away what nobody will show."""
    services.give_up()
    for register_id in Register.objects.due().values_list("pk", flat=True)[:SWEPT]:
        decide_register.delay(str(register_id))
    for refresh_id in PairRefresh.objects.due().values_list("pk", flat=True)[:SWEPT]:
        refresh_pairs.delay(refresh_id)
    _queue_pieces(MonthPiece.objects.due())
    for cross_check_id in crosscheck.due()[:SWEPT]:
        run_cross_check.delay(str(cross_check_id))
    for return_id in computing.due()[:SWEPT]:
        compute_return.delay(str(return_id))
    services.sweep_parts()
    importing.forget_spreadsheets()


def queue_month(period: Period, ranges: int, *, anew: bool = False) -> int:
    """Have a month made sure of for everybody, its ranges by as many workers as there are."""
    pieces = months.order_month(period, ranges, anew=anew)
    group(refresh_month_piece.s(piece.pk) for piece in pieces[:-1]).delay()
    return len(pieces)


def queue_register(register: Register) -> None:
    """Have a register checked, and its pairs made anew, once the transaction is committed."""
    decide_register.delay_on_commit(str(register.pk))
    _queue_refreshes(register)


def queue_checks(document: Document) -> None:
    """Queue the checks of the registers a document went to; called after its commit.

    While the taxpayer's next file waits they are put off, so that one check serves several files.
    """
    wait = PUT_OFF_SECONDS if Document.objects.following(document).exists() else 0
    for register in Register.objects.filter(number__in=document.registers):
        decide_register.apply_async((str(register.pk),), countdown=wait)


def queue_returns(taxpayer_id: int) -> None:
    """Queue the taxpayer's preliminary returns that are due, once the transaction is committed."""
    due = PreliminaryReturn.objects.due().filter(taxpayer_id=taxpayer_id)
    for return_id in due.values_list("pk", flat=True):
        compute_return.delay_on_commit(str(return_id))


def _queue_refreshes(register: Register) -> None:
    due = PairRefresh.objects.due().of_period(register.taxpayer_id, register.period)
    for refresh_id in due.values_list("pk", flat=True):
        refresh_pairs.delay_on_commit(refresh_id)
    queue_returns(register.taxpayer_id)


def _queue_pieces(pieces: QuerySet[MonthPiece]) -> None:
    for piece_id in pieces.values_list("pk", flat=True):
        refresh_month_piece.delay(piece_id)
