"""Telling another system of roles: a signed Security Event Token, pushed over HTTPS.

RFC 8417 and RFC 8935. The token is signed with the key that signs people in, which the other side
verifies already: no secret is shared, and only its `aud` can use it. docs/decisions/0011 says why.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.models import User
from accounts.sso import keys
from accounts.sso.claims import CODE, PROFILE, claims_of
from exchange.configuring import OtherSystem
from exchange.models import RoleDelivery
from exchange.types import Outcome
from imas.kernel import clock
from mailbox import outgoing

EVENT = "urn:imas:event:roles"
KIND = "secevent+jwt"
_LONGEST = 300
_FINAL = frozenset({400, 403, 404, 409, 422})
_NOT_OF_THE_MESSAGE = frozenset(
    {"invalid_key", "invalid_issuer", "invalid_audience", "authentication_failed"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it, and what the other side said or why nothing came ("")."""

    outcome: Outcome
    said: str = ""


def tell_roles(system: OtherSystem, delivery: RoleDelivery) -> Told:
    """Tell a system what roles a person has; the same delivery is the same message each time."""
    body = keys.sign(_claims(system, delivery), KIND).encode()
    headers = {
        "Content-Type": f"application/{KIND}",
        "Accept": "application/json",
        "User-Agent": "i.MAS-exchange/1",
    }
    answer = outgoing.post(system.roles_address, body, headers, named_by_operator=True)
    if answer.is_taken:
        return Told(Outcome.TAKEN)
    if answer.status not in _FINAL:
        return Told(Outcome.SILENT, answer.fault or str(answer.status))
    error, words = _refusal(answer.excerpt)
    said = (words or error or str(answer.status))[:_LONGEST]
    ours = error in _NOT_OF_THE_MESSAGE
    return Told(Outcome.DISAGREED if ours else Outcome.REFUSED, said)


def _claims(system: OtherSystem, delivery: RoleDelivery) -> dict[str, Any]:
    assignment = delivery.assignment
    taxpayer = assignment.taxpayer
    person: User = assignment.person
    return {
        "iss": settings.SITE_URL,
        "aud": system.client_id,
        "iat": int(clock.now().timestamp()),
        "jti": str(delivery.pk),
        "events": {
            EVENT: {
                "person": claims_of(person, system.client_id, f"{PROFILE} {CODE}"),
                "taxpayer": {"code": taxpayer.code, "name": taxpayer.name},
                "number": delivery.number,
                "roles": delivery.roles,
            }
        },
    }


def _refusal(excerpt: str) -> tuple[str, str]:
    """Return the code and the words of RFC 8935, 2.3; ("", "") where there are none."""
    try:
        said = json.loads(excerpt)
    except ValueError:
        return "", ""
    if not isinstance(said, dict):
        return "", ""
    words = " ".join(str(said.get("description", "")).split())
    return str(said.get("err", "")), words
