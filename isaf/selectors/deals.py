"""A deal as one of its two sides sees it: the pairs of it, what they were, what is said of it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Prefetch, Q

from imas.kernel.errors import NotFoundError
from isaf.matching import Field, PairState, SeenState
from isaf.models import MARKS, Deal, DealEntry, DealPair, PairPast
from isaf.selectors import pairs
from isaf.selectors.pairs import SeenPair
from isaf.types import EntryKind
from representation.types import Acting

TALKED_OF = frozenset(SeenState) - {SeenState.WAITING, SeenState.NOT_CHECKABLE}
"""States in which both sides see the pair, so that there is something to talk about."""


class Became(NamedTuple):
    """What a deal became for a side, and when."""

    state: SeenState
    fields: Field
    since: datetime


class Parties(NamedTuple):
    """The keys a deal goes by and its two sides."""

    keys: list[int]
    seller_id: int
    buyer_id: int


def find_seen(acting: Acting, key: int) -> list[SeenPair]:
    """Return the pairs of a key that the one acting sees, also under a number since corrected.

    NotFoundError("deal-not-found") where there is none and nobody has said anything either.
    """
    acting.require("isaf.crosscheck")
    spoken = Deal.objects.about([key], acting.taxpayer_id).first()
    found = pairs.pairs_of_keys(acting, spoken.keys if spoken else [key])
    if not found and (spoken is None or acting.limits_of("isaf.crosscheck")):
        raise NotFoundError("deal-not-found")
    return found


def parties_of(seen: SeenPair) -> Parties | None:
    """Return the two taxpayers of a pair; None where one of them is not known here."""
    pair = DealPair.objects.get(
        match_key=seen.match_key, period_start=seen.period_start, nth=seen.nth
    )
    if pair.seller_id is None or pair.buyer_id is None:
        return None
    keys = [key for key in (pair.match_key, pair.near_key) if key is not None]
    return Parties(keys, pair.seller_id, pair.buyer_id)


def deal_of(acting: Acting, keys: Collection[int]) -> Deal | None:
    """Return what the two sides say of a deal; None when nobody has said anything.

    Who may see one of the pairs may see it whole: call this after `find_seen`.
    """
    acting.require("isaf.crosscheck")
    spoken = Prefetch("entries", DealEntry.objects.select_related("author"))
    return Deal.objects.about(keys, acting.taxpayer_id).prefetch_related(spoken).first()


def marks_of(acting: Acting, keys: Collection[int]) -> dict[int, str]:
    """Return by key how buyers have marked the deals of the one acting, as it stands now."""
    own = Q(seller_id=acting.taxpayer_id) | Q(buyer_id=acting.taxpayer_id)
    last = (
        DealEntry.objects.filter(kind__in=MARKS, deal__in=Deal.objects.filter(own))
        .filter(Q(deal__match_key__in=keys) | Q(deal__near_key__in=keys))
        .order_by("deal_id", "-pk")
        .distinct("deal_id")
        .values_list("deal__match_key", "deal__near_key", "kind")
    )
    return {
        key: kind
        for *both, kind in last
        if kind != EntryKind.UNMARKED
        for key in both
        if key is not None
    }


def mark_of(entries: Iterable[DealEntry]) -> DealEntry | None:
    """Return the mark that counts: the last one set."""
    marks = [entry for entry in entries if entry.kind in MARKS]
    return marks[-1] if marks else None


def past_of(acting: Acting, keys: Collection[int]) -> list[Became]:
    """Return what deals of these keys were for the one acting, the newest first."""
    acting.require("isaf.crosscheck")
    own = Q(seller_id=acting.taxpayer_id) | Q(buyer_id=acting.taxpayer_id)
    past = PairPast.objects.filter(own, match_key__in=keys).order_by("-until", "-pk")
    return [
        Became(
            _seen_as(was, sells=was.seller_id == acting.taxpayer_id),
            Field(was.fields),
            was.since,
        )
        for was in past
    ]


def _seen_as(was: PairPast, *, sells: bool) -> SeenState:
    if was.state != PairState.MISSING:
        return SeenState(was.state)
    told = was.sold if sells else was.bought
    return SeenState.MISSING_AT_COUNTERPARTY if told else SeenState.MISSING_AT_US
