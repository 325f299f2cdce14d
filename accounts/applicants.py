"""A proved identity that i.MAS does not know yet, kept in the session while its owner applies."""

import json

from django.contrib.sessions.backends.base import SessionBase

from accounts.encryption import decrypt, encrypt
from accounts.models.people import NAME_LENGTH
from accounts.providers.types import Code, Proof
from accounts.services.applying import Applicant
from accounts.types import IdentifierKind
from imas.kernel import clock

_NOTE = "applicant"
_LASTS_SECONDS = 3600


def note(session: SessionBase, proof: Proof) -> None:
    """Remember for an hour, encrypted, who has been proved by a provider."""
    told = {
        "country": proof.code.country,
        "number": proof.code.number,
        "first_name": proof.first_name[:NAME_LENGTH],
        "last_name": proof.last_name[:NAME_LENGTH],
        "means": str(proof.means),
    }
    session[_NOTE] = {"told": encrypt(json.dumps(told)), "at": int(clock.now().timestamp())}


def proved(session: SessionBase) -> Applicant | None:
    """Return who has been proved in this browser a while ago; contact data are still to be told."""
    kept = session.get(_NOTE)
    if not kept or clock.now().timestamp() >= kept["at"] + _LASTS_SECONDS:
        return None
    told = json.loads(decrypt(kept["told"]))
    return Applicant(
        told["first_name"],
        told["last_name"],
        Code(told["country"], told["number"]),
        IdentifierKind.EIDAS,
        email="",
        language="",
        purpose="",
        proved_by=told["means"],
    )


def forget(session: SessionBase) -> None:
    """Let go of whoever was proved: the application is sent."""
    session.pop(_NOTE, None)
