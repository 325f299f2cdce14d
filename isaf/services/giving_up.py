"""What failed too often: given up, told to the operators, tried again when they say so."""

from django.db import transaction

from imas.kernel import clock
from isaf.models import CrossCheck, MonthPiece, PairRefresh, Register, ReportState
from isaf.services.alerting import tell_operators


def give_up() -> None:
    """Give up the checks that failed too often; the operators are told of each once."""
    for register in Register.objects.exhausted():
        lost = Register.objects.exhausted().filter(pk=register.pk)
        if lost.update(given_up_at=clock.now()):
            tell_operators("isaf.check-given-up", register.number, register.attempts)
    for marker in PairRefresh.objects.exhausted():
        lost_marker = PairRefresh.objects.exhausted().filter(pk=marker.pk)
        if lost_marker.update(given_up_at=clock.now()):
            subject = f"{marker.taxpayer_id} {marker.period.code}"
            tell_operators("isaf.pairs-given-up", subject, marker.attempts)
    for piece in MonthPiece.objects.exhausted():
        if MonthPiece.objects.exhausted().filter(pk=piece.pk).update(given_up_at=clock.now()):
            tell_operators("isaf.month-given-up", str(piece), piece.attempts)


@transaction.atomic
def try_again() -> int:
    """Make all that was given up due again, and return how much that was; the sweep queues it."""
    afresh = {"attempts": 0, "claimed_at": None}
    failed = CrossCheck.objects.filter(state=ReportState.FAILED)
    return (
        Register.objects.filter(given_up_at__isnull=False).update(**afresh, given_up_at=None)
        + PairRefresh.objects.given_up().update(**afresh, given_up_at=None)
        + MonthPiece.objects.given_up().update(**afresh, given_up_at=None)
        + failed.update(**afresh, state=ReportState.ORDERED, finished_at=None)
    )
