"""What is told of a waybill to whoever holds its square."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ivaz.models import Waybill
from ivaz.types import State
from ivaz.words import STATES


@dataclass(frozen=True, slots=True)
class Checked:
    """How a waybill stands beside what its square says."""

    rn: str
    state: Any
    tone: str
    dispatch_at: datetime
    plates: list[str]
    are_plates_same: bool
    is_newest: bool


def checked(claims: Mapping[str, Any]) -> Checked | None:
    """Return how the waybill of a signed square stands now; None where it is not kept any more."""
    found = Waybill.objects.filter(rn=claims["rn"])
    waybill = found.only("rn", "state", "dispatch_at", "plates", "version").first()
    if waybill is None:
        return None
    word, tone = STATES[State(waybill.state)]
    return Checked(
        rn=waybill.rn,
        state=word,
        tone=tone,
        dispatch_at=waybill.dispatch_at,
        plates=list(waybill.plates),
        are_plates_same=claims["p"] == waybill.plates,
        is_newest=claims["v"] == waybill.version,
    )
