"""What the mailbox talks about, as values."""

from enum import StrEnum


class NoticeMode(StrEnum):
    """When a person is told by e-mail that a message has come."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NONE = "none"


class Dropped(StrEnum):
    """Why a letter will not be sent."""

    RIGHT_ENDED = "right-ended"
    NOT_CONFIRMED = "not-confirmed"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    GIVEN_UP = "given-up"


class BounceSource(StrEnum):
    """Who said that an address does not exist: our mail server at once, or a returned letter."""

    SMTP = "smtp"
    RETURNED = "returned"


class EndpointState(StrEnum):
    """Whether an endpoint is told of events; paused ones are told later of what they missed."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


class Fault(StrEnum):
    """Why a call got no answer."""

    ADDRESS = "address"
    NAME = "name"
    TLS = "tls"
    SILENCE = "silence"
    BROKEN = "broken"
