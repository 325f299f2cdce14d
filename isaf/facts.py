"""How facts of invoices and verdicts on them are written down as numbers, for a month at once.

SQL packs and sums them up (`isaf.sql.survey`), `isaf.survey` decides on them.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from isaf.matching import Obstacle, PairState

EPOCH = date(2000, 1, 1)
"""Days of issue are counted from it."""

BOUGHT, HAS_KEY, FROM_LITHUANIA, FOREIGN, BY_CODE = 1, 2, 4, 8, 16
"""Marks: on the buyer's side; with a key that the other side can have too; across a VAT code of
Lithuania, somebody from elsewhere, or a payer told by another code of his."""

ALONE, BOUGHT_ALONE = 64, 80
"""Verdicts: of both sides what differs, of one alone these and why (`WHY`)."""
SOLD_ELSEWHERE, BOUGHT_ELSEWHERE = 96, 97
"""Verdicts: paired with a register of another month."""
WHY = (
    PairState.MISSING,
    PairState.WAITING,
    Obstacle.CANCELLED,
    Obstacle.NO_VAT_CODE,
    Obstacle.FOREIGN,
    Obstacle.NOT_A_PAYER,
)

SIZE = 42
"""Bytes of the facts of one invoice."""

APART = 127
"""No verdict: what is kept was told by a register that covers more or less than the month."""

LANES, LANE_SHIFT = 16, 60
"""Keys by their first four bits: the sixteenths in which a month can be cut."""

VERDICTS = 128
"""Every verdict is less."""

BUCKET_SHIFT = 64 - 11
"""Keys are summed up in 2 048 buckets by their first bits."""


class Sum(NamedTuple):
    """What all deals of a bucket with one verdict come to: how many, their keys, their parts."""

    deals: int
    keys: int
    parts: int


Sums = Mapping[tuple[int, int], Sum]
"""By bucket and verdict."""
