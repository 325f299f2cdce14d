"""Grants of EDS and Mano VMI, shown beside ours: they give no right here.

i.MAS log-in page: "if you have already granted representation rights in My STI and/or the EDS,
representation rights for i.MAS are not automatically granted".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from representation.chains import chains_from
from representation.models import EdsGrant, Headship, ManoVmiGrant, OutsideGrant

EDS, MANO_VMI = "EDS", "Mano VMI"
_MODELS: Mapping[str, tuple[str, type[EdsGrant | ManoVmiGrant]]] = {
    "eds": (EDS, EdsGrant),
    "vmi": (MANO_VMI, ManoVmiGrant),
}


@dataclass(frozen=True, slots=True)
class Outside:
    """A grant of another system; `mark` names it in the address of a new representative."""

    mark: str
    system: str
    grant: OutsideGrant
    is_here_too: bool
    """Whether the person may do something in i.MAS besides, for a reason of its own."""


def outside_grants_of(taxpayer_id: int, day: date) -> list[Outside]:
    """Return the grants in force in other systems, by system and name."""
    found = [
        (f"{mark}-{grant.pk}", system, grant)
        for mark, (system, model) in _MODELS.items()
        for grant in model.objects.on(day).filter(taxpayer_id=taxpayer_id).order_by("person_name")
    ]
    here = _people_here(taxpayer_id, day) if found else set()
    return [Outside(mark, system, grant, grant.person in here) for mark, system, grant in found]


def name_in(taxpayer_id: int, mark: str, day: date) -> str:
    """Return the name a grant of this very taxpayer says, or "": to offer the person rights here.

    The personal code is not known here: only its fingerprint is kept.
    """
    for one in outside_grants_of(taxpayer_id, day):
        if one.mark == mark:
            return one.grant.person_name
    return ""


def _people_here(taxpayer_id: int, day: date) -> set[str]:
    heads = Headship.objects.on(day).filter(taxpayer_id=taxpayer_id)
    return {chain.person for chain in chains_from(taxpayer_id, day)} | {
        head.person for head in heads
    }
