"""Judging a month for everybody, one piece after the other."""

from imas.kernel.periods import Period
from isaf.models import MonthPiece
from isaf.services.months import order_month, refresh_month_piece


def judge_everybody(period: Period, ranges: int = 2) -> int:
    """Do all the pieces of a month and return how many pairs had to be written."""
    pieces = order_month(period, ranges)
    for piece in pieces:
        assert refresh_month_piece(piece.pk) == piece.order
    done = MonthPiece.objects.of_order(pieces[0].order)
    assert done.filter(done_at=None).count() == 0
    return sum(piece.written for piece in done)
