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
