"""What the operators watch: checks that failed too often and wait for them."""

from collections.abc import Iterable

from imas.web import metrics
from imas.web.metrics import Reading
from isaf.models import CrossCheck, MonthPiece, PairRefresh, Register, ReportState


def given_up() -> Iterable[Reading]:
    """Count what was given up, by what it is."""
    registers = Register.objects.filter(given_up_at__isnull=False, cancelled_at=None)
    yield ["registers"], registers.count()
    yield ["pairs"], PairRefresh.objects.given_up().count()
    yield ["months"], MonthPiece.objects.given_up().count()
    yield ["reports"], CrossCheck.objects.filter(state=ReportState.FAILED).count()


def register() -> None:
    """Let /metrics show them."""
    metrics.show("imas_isaf_given_up", "Checks that failed too often.", ["what"], given_up)
