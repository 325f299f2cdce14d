"""What i.MAS and other systems tell each other, as values."""

from datetime import timedelta
from enum import StrEnum

PROMISED = timedelta(minutes=15)
"""How long an exchange of data may take ("Prisijungimo prie AIS atmintinė", 1, step 2)."""


class Reason(StrEnum):
    """Why roles have ended without anybody taking them away."""

    NO_MANDATE = "no-mandate"
    """The person may do nothing for the taxpayer any more."""
    NOT_MANAGER = "not-manager"
    """The person gave them to himself and may not manage roles any more."""
    ROLE_ENDED = "role-ended"
    """The other system has the role no longer."""


class Outcome(StrEnum):
    """What came of telling another system."""

    TAKEN = "taken"
    REFUSED = "refused"
    DISAGREED = "disagreed"
    """It answered that it does not trust us: a matter between the systems, not of the message."""
    SILENT = "silent"
    """It gave no answer, or answered that it cannot now."""
