"""The door by which confirmed returns leave for EDS: a port, filled by whoever knows the way.

Nothing is filed by i.SAF itself. An upper floor registers an office; without one a confirmed return
is only taken away as a file.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from representation.types import Acting


class FilingState(StrEnum):
    """Where a return that was handed over stands (file and declaration states of EDS)."""

    QUEUED = "queued"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    REMOVED = "removed"
    EXPIRED = "expired"
    CONFIRMED = "confirmed"
    FILED = "filed"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_ERRORS = "accepted_with_errors"
    HELD = "held"
    ANNULLED = "annulled"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Handed:
    """A file to hand over: of which version of which return, under what name."""

    subject: str
    form: str
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Filed:
    """Where it stands, since when that is known, what EDS said, and where one goes on there."""

    state: FilingState
    at: datetime
    said: str = ""
    address: str = ""


class FilingOffice(Protocol):
    """Who hands files over and knows where they stand."""

    def hand_over(self, acting: Acting, handed: Handed) -> None:
        """Take a file in the caller's transaction; it leaves later, however long EDS is silent."""
        ...

    def filed(self, taxpayer_id: int, subject: str) -> Filed | None:
        """Return where a file stands; None when it was never handed over."""
        ...


_offices: list[FilingOffice] = []


def open_office(office: FilingOffice) -> None:
    """Let an office hand over what is confirmed from now on."""
    _offices[:] = [office]


def office() -> FilingOffice | None:
    """Return the office, if one is open."""
    return _offices[0] if _offices else None
