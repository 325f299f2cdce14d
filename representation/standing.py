"""Mandates as they stood at the end of a day, by the moves that are kept of each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from imas.kernel.clock import VILNIUS
from representation.models import Mandate, MandateMove
from representation.types import MandateState, Narrowing

_HIGHEST = 8
"""How far up a chain is followed: more than any that holds (`chains_sql.DEEPEST_CHAIN`)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A mandate as it stood at the end of a day, and the day of the act that made it so."""

    mandate: Mandate
    state: MandateState
    rights: frozenset[str]
    until: date
    passing_on: int
    narrowing: Narrowing
    moved_on: date


def standings(mandates: "QuerySet[Mandate]", day: date) -> dict[UUID, Standing]:
    """Return by id how these mandates, and all above them, stood at the end of a day.

    Those that did not exist yet are left out.
    """
    end = datetime.combine(day + timedelta(days=1), time(), VILNIUS)
    known: dict[UUID, Mandate] = {}
    wanted = mandates.select_related("firm", "user", "taxpayer")
    for _ in range(_HIGHEST):
        found = {one.pk: one for one in wanted if one.pk not in known}
        known.update(found)
        above = {one.via_id for one in found.values() if one.via_id and one.via_id not in known}
        if not above:
            break
        wanted = Mandate.objects.filter(pk__in=above).select_related("firm", "user", "taxpayer")
    moves = _last_moves(known, end)
    return {
        pk: _standing(mandate, moves.get(pk))
        for pk, mandate in known.items()
        if mandate.created_at < end
    }


def way_up(leaf: UUID, known: dict[UUID, Standing]) -> list[Standing]:
    """Return the links of the chain that ends in a mandate, the taxpayer's own act first."""
    links: list[Standing] = []
    here: UUID | None = leaf
    while here is not None and here in known and len(links) <= _HIGHEST:
        links.insert(0, known[here])
        here = known[here].mandate.via_id
    return links


def _last_moves(mandates: Collection[UUID], end: datetime) -> dict[UUID, MandateMove]:
    moves = MandateMove.objects.filter(mandate__in=mandates, at__lt=end)
    last: Iterable[MandateMove] = moves.order_by("mandate_id", "-pk").distinct("mandate_id")
    return {move.mandate_id: move for move in last}


def _standing(mandate: Mandate, move: MandateMove | None) -> Standing:
    """A mandate without a move by then stands as its row does: every act since has left one."""
    then = move or mandate
    limits = {name: frozenset(values) for name, values in then.limits.items()}
    at = move.at if move else mandate.created_at
    return Standing(
        mandate=mandate,
        state=MandateState(then.state),
        rights=frozenset(then.rights),
        until=then.until,
        passing_on=then.passing_on,
        narrowing=Narrowing(limits, then.read_only),
        moved_on=at.astimezone(VILNIUS).date(),
    )
