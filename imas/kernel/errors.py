"""Refusals: the caller asked for something this house does not do.

Every refusal carries a stable `code`, a promise to other people's software, and `params`
that the words for it are filled with. The edge turns it into a page or an HTTP status.
"""

from typing import ClassVar


class DomainError(Exception):
    """A refusal with a stable code; a call may give a more exact code than its class."""

    default_code: ClassVar[str] = "refused"

    def __init__(self, code: str = "", **params: str) -> None:
        self.code = code or self.default_code
        self.params = params
        super().__init__(self.code)


class UnauthenticatedError(DomainError):
    """Nobody is known to be asking."""

    default_code = "unauthenticated"


class ForbiddenError(DomainError):
    """The actor holds no mandate for this."""

    default_code = "forbidden"


class NotFoundError(DomainError):
    """There is no such thing, or none the actor may know of."""

    default_code = "not-found"


class GoneError(DomainError):
    """What is asked for was here, but is no longer kept."""

    default_code = "gone"


class ConflictError(DomainError):
    """The thing is no longer in the state the caller believed."""

    default_code = "conflict"


class RefusedDocumentError(DomainError):
    """The document cannot be read at all."""

    default_code = "refused-document"


class UnprocessableError(DomainError):
    """The request is well formed but asks for something that cannot be."""

    default_code = "unprocessable"


class UnavailableError(DomainError):
    """Somebody else's system, without which this cannot be done, does not answer as it should."""

    default_code = "unavailable"


class ThrottledError(DomainError):
    """Too much was asked in too short a time; `params["retry_after"]` is in seconds."""

    default_code = "throttled"
