"""What the page of consents shows: how each role stands, and what was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ivaz.forms.consents import ConsentForm
from ivaz.models import EwaybillConsent
from ivaz.types import CONSENTING, Role
from ivaz.words import CONSENT_ROLES


@dataclass(frozen=True, slots=True)
class Standing:
    """How a taxpayer stands in a role: the consent that stands, or the form that gives one."""

    role: Role
    word: Any
    consent: EwaybillConsent | None
    form: ConsentForm


def standings(
    consents: Sequence[EwaybillConsent], sent: tuple[Role, ConsentForm] | None = None
) -> list[Standing]:
    """Return how each role stands; `sent` is a form that was sent and is shown with its faults."""
    open_ones = {Role(one.role): one for one in consents if one.ended_on is None}
    return [
        Standing(
            role,
            CONSENT_ROLES[role],
            open_ones.get(role),
            sent[1] if sent and sent[0] is role else ConsentForm(auto_id=f"id_{role}_%s"),
        )
        for role in CONSENTING
    ]


def history(consents: Sequence[EwaybillConsent]) -> list[tuple[Any, EwaybillConsent]]:
    """Return every consent there was with the word of its role, the latest first."""
    return [(CONSENT_ROLES[Role(one.role)], one) for one in consents]
