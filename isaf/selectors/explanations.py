"""Why an invoice may be missing on one side: under another buyer, in pieces, or counted in already.

Looked for when a deal is opened, among what is missing now, so that nothing of it grows stale.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from django.db import connection

from isaf.matching import SeenState
from isaf.selectors.deals import Parties
from isaf.selectors.pairs import SeenPair
from isaf.types import normalise_number

MOST_PIECES = 4
"""An invoice is looked for in so many of the other side's at most."""

_MOST_LONE = 14
"""Beyond so many missing invoices sums agree by chance; and so few are tried in no time."""

# The same number, day and amount under another buyer. Found by the index of the seller.
_OTHER_BUYER = """
SELECT EXISTS (
    SELECT FROM isaf_pair p
    JOIN isaf_pair o ON o.seller_id = p.seller_id AND o.period_start = p.period_start
        AND o.issued = p.issued AND o.state = 'missing' AND o.total_gap = -p.total_gap
        AND (o.sale_part IS NULL) = (p.sale_part IS NOT NULL) AND o.buyer_id <> p.buyer_id
    JOIN isaf_invoice pi ON pi.period_start = coalesce(p.sale_start, p.purchase_start)
        AND pi.part_id = coalesce(p.sale_part, p.purchase_part)
        AND pi.position = coalesce(p.sale_position, p.purchase_position)
    JOIN isaf_invoice oi ON oi.period_start = coalesce(o.sale_start, o.purchase_start)
        AND oi.part_id = coalesce(o.sale_part, o.purchase_part)
        AND oi.position = coalesce(o.sale_position, o.purchase_position)
        AND oi.number_norm = pi.number_norm
    WHERE p.match_key = %(key)s AND p.period_start = %(month)s AND p.nth = %(nth)s
)
"""

# Invoices that a credit or debit document names, which the two tell with its amount between them:
# one of them has counted the correction in. Found by the index of the seller, a year back.
_COUNTED_IN = """
SELECT named.ref->>0, oi.number_norm, oi.number
FROM isaf_pair p
JOIN isaf_invoice i ON i.period_start = coalesce(p.sale_start, p.purchase_start)
    AND i.part_id = coalesce(p.sale_part, p.purchase_part)
    AND i.position = coalesce(p.sale_position, p.purchase_position)
CROSS JOIN LATERAL jsonb_array_elements(i.refs) AS named (ref)
JOIN isaf_pair o ON o.seller_id = p.seller_id AND o.buyer_id = p.buyer_id
    AND o.period_start BETWEEN p.period_start - interval '1 year' AND p.period_start
    AND o.issued = (named.ref->>1)::date AND o.state = 'differs'
    AND o.total_gap = -p.total_gap
JOIN isaf_invoice oi ON oi.period_start = o.sale_start AND oi.part_id = o.sale_part
    AND oi.position = o.sale_position
WHERE p.match_key = %(key)s AND p.period_start = %(month)s AND p.nth = %(nth)s
ORDER BY oi.number
"""

# What is missing between the two in that month, ours and theirs; found by the index of the seller.
_LONE = """
SELECT p.match_key, p.nth, p.sale_part IS NOT NULL, i.number, abs(p.total_gap), sign(p.total_gap)
FROM isaf_pair p
JOIN isaf_invoice i ON i.period_start = coalesce(p.sale_start, p.purchase_start)
    AND i.part_id = coalesce(p.sale_part, p.purchase_part)
    AND i.position = coalesce(p.sale_position, p.purchase_position)
WHERE p.seller_id = %(seller)s AND p.buyer_id = %(buyer)s AND p.period_start = %(month)s
    AND p.state = 'missing'
ORDER BY p.issued, i.number, p.nth LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class Lone:
    """A missing invoice: its amount in euros, positive for the side that tells it."""

    key: tuple[int, int]
    is_sale: bool
    number: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a missing invoice may be: one under another buyer's code, or so many of the others'.

    `pieces` are the numbers of the other side that make its amount, `whole` the number of the
    other side that it makes together with `pieces` of its own. `counted_in` is the invoice that a
    document corrects, where the other side tells it with the correction in it.
    """

    other_buyer: bool = False
    counted_in: str = ""
    pieces: Sequence[str] = ()
    whole: str = ""


def explain(seen: SeenPair, parties: Parties) -> Explanation:
    """Return what may explain a missing invoice; everything empty where nothing does."""
    if seen.state not in {SeenState.MISSING_AT_COUNTERPARTY, SeenState.MISSING_AT_US}:
        return Explanation()
    with connection.cursor() as cursor:
        place: dict[str, Any] = {"key": seen.match_key, "month": seen.period_start, "nth": seen.nth}
        cursor.execute(_OTHER_BUYER, place)
        ((is_elsewhere,),) = cursor.fetchall()
        if is_elsewhere:
            return Explanation(other_buyer=True)
        cursor.execute(_COUNTED_IN, place)
        for named, normal, number in cursor.fetchall():
            if normalise_number(named) == normal:
                return Explanation(counted_in=number)
        between = {"seller": parties.seller_id, "buyer": parties.buyer_id}
        cursor.execute(_LONE, {**between, "month": seen.period_start})
        lone = list(_lone(cursor.fetchall()))
    this = next((one for one in lone if one.key == (seen.match_key, seen.nth)), None)
    return in_pieces(this, lone) if this else Explanation()


def in_pieces(this: Lone, lone: Sequence[Lone]) -> Explanation:
    """Find the sums that agree: this one of several others', or one of theirs of this and more.

    Only sums that are the only ones: where two would do, neither is told.
    """
    theirs = [one for one in lone if one.is_sale != this.is_sale]
    ours = [one for one in lone if one.is_sale == this.is_sale and one != this]
    if len(theirs) > _MOST_LONE or len(ours) > _MOST_LONE:
        return Explanation()
    made = list(_sums(theirs, this.amount, range(2, MOST_PIECES + 1)))
    parts = [
        (whole, more)
        for whole in theirs
        for more in _sums(ours, whole.amount - this.amount, range(1, MOST_PIECES))
    ]
    if len(made) + len(parts) != 1:
        return Explanation()
    if made:
        return Explanation(pieces=[one.number for one in made[0]])
    ((whole, more),) = parts
    return Explanation(pieces=[one.number for one in more], whole=whole.number)


def _sums(
    lone: Sequence[Lone], amount: Decimal, sizes: Sequence[int]
) -> Iterator[tuple[Lone, ...]]:
    for size in sizes:
        for some in combinations(lone, size):
            if sum(one.amount for one in some) == amount:
                yield some


def _lone(rows: Sequence[tuple[int, int, bool, str, Decimal, Decimal]]) -> Iterator[Lone]:
    for key, nth, is_sale, number, size, sign in rows:
        yield Lone((key, nth), is_sale, number, size * (sign if is_sale else -sign))
