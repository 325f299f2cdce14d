"""The words of a.VAZ as values, for both sides of it."""

from enum import StrEnum


class Reason(StrEnum):
    """Why somebody turns to a.VAZ (VA-119, 25 and 26 p.)."""

    OUTAGE = "outage"
    """i.VAZ is away."""
    OWN_TROUBLE = "own"
    """The preparer's own tools are."""
    INCOMPLETE = "incomplete"
    """Not all that is obligatory is known yet."""


class Channel(StrEnum):
    """By which door it came."""

    WEB = "web"
    SMS = "sms"


class Subsystem(StrEnum):
    """What may be away."""

    ALL = "all"
    IVAZ = "ivaz"
    ISAF = "isaf"


class How(StrEnum):
    """How an outage is known."""

    DECLARED = "declared"
    """By an officer."""
    OBSERVED = "observed"
    """By failing health checks of the desk."""


class Effect(StrEnum):
    """What an outage does to deadlines."""

    NONE = "none"
    LATE_WAYBILLS = "late-waybills"
    """Waybills of that time are taken late, for three working days (VA-119, 28.2 and 29 p.)."""


class OutageAct(StrEnum):
    """What was said of an outage."""

    DECLARED = "declared"
    OBSERVED = "observed"
    ENDED = "ended"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Occasion(StrEnum):
    """On which occasion mailboxes are told of an outage."""

    PLANNED = "planned"
    BEGAN = "began"
    OVER = "over"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How an outage stands at a moment."""

    PLANNED = "planned"
    LASTS = "lasts"
    OVER = "over"
    WITHDRAWN = "withdrawn"


class FallbackState(StrEnum):
    """How an announcement stands; LATE was completed after its days."""

    OVERDUE = "overdue"
    OPEN = "open"
    LATE = "late"
    COMPLETED = "completed"
    ALL = "all"
