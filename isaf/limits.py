"""Limits of mandates in i.SAF: one register, one part of it."""

from collections.abc import Iterable, Mapping

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from imas.kernel.errors import ForbiddenError
from isaf.types import Reach, RegisterType, Way
from representation import limits
from representation.limits import LimitKind
from representation.types import Acting

REGISTER = LimitKind(
    name="isaf.register",
    label=_("i.SAF: only these registers"),
    help_text=_("Tick none to give the rights for every register."),
    choices={
        RegisterType.SALES.side: _("issued invoices"),
        RegisterType.PURCHASE.side: _("received invoices"),
        RegisterType.SETTLEMENT.side: _("settlements and payments"),
    },
)
PART = LimitKind(
    name="isaf.part",
    label=_("i.SAF: only these parts"),
    help_text=_(
        "Numbers of parts (PartNumber) with commas between them, for example B. Empty: every "
        "part. A register is submitted by somebody who has all of its parts."
    ),
    pattern=r"[^\s,]{1,20}",
)
_TYPES = {type_.side: type_ for type_ in RegisterType}


def register() -> None:
    """Let mandates be limited in what i.SAF is made of."""
    limits.register(REGISTER)
    limits.register(PART)


def reach_of(acting: Acting, right: str) -> Reach:
    """Return how far a right of somebody reaches."""
    return reach_within(map(limits.as_json, acting.limits_of(right)))


def reach_within(ways: Iterable[Mapping[str, Iterable[str]]]) -> Reach:
    """Return how far limits reach, as they are kept beside a document or a report."""
    return Reach(tuple(map(_way, ways)))


def as_json(reach: Reach) -> list[dict[str, list[str]]]:
    """Return how far something reaches as it is kept; the same for the same limits."""
    told = [
        {
            **(
                {}
                if way.registers is None
                else {REGISTER.name: sorted(t.side for t in way.registers)}
            ),
            **({} if way.parts is None else {PART.name: sorted(way.parts)}),
        }
        for way in reach.ways
    ]
    return sorted(told, key=str)


def limits_told(acting: Acting, right: str) -> list[str]:
    """Return in the reader's language how a right of his is limited, a line for each way."""
    return ["; ".join(limits.words(way)) for way in acting.limits_of(right)]


def require_whole(acting: Acting, right: str, type_: RegisterType) -> None:
    """Refuse what concerns a register as a whole to whoever has some of its parts only."""
    if not reach_of(acting, right).holds(type_):
        raise ForbiddenError("right-limited", right=right)


def require_part(acting: Acting, right: str, type_: RegisterType, part: str) -> None:
    """Refuse what concerns a part of a register to whoever has neither it nor the register."""
    acting.require(right)
    if type_ not in reach_of(acting, right).registers_of(part):
        raise ForbiddenError("right-limited", right=right)


def submits_registers(acting: Acting) -> bool:
    """Tell whether somebody may submit any register as a whole."""
    reach = reach_of(acting, "isaf.submit")
    return acting.may("isaf.submit") and any(map(reach.holds, RegisterType))


def parts_within(reach: Reach, type_: str, part: str) -> Q:
    """Return the condition for parts that are reached; the names are those of the columns."""
    if reach.is_whole:
        return Q()
    found = Q(pk__in=[])
    for one in reach.types:
        parts = reach.parts_of(one)
        of_type = Q(**{type_: one})
        found |= of_type if parts is None else of_type & Q(**{f"{part}__in": sorted(parts)})
    return found


def _way(kept: Mapping[str, Iterable[str]]) -> Way:
    sides, parts = kept.get(REGISTER.name), kept.get(PART.name)
    return Way(
        None if sides is None else frozenset(_TYPES[side] for side in sides),
        None if parts is None else frozenset(parts),
    )
