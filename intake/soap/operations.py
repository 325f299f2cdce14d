"""A service and its operations, as values: what is asked, who asks, how it is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Credential, User
from imas.kernel.errors import UnprocessableError
from imas.web.exceptions import BROKEN
from intake.soap.answers import Nodes, Writer
from intake.soap.callers import Caller

Who = TypeVar("Who", bound=Caller)


@dataclass(frozen=True)
class Call(Generic[Who]):
    """Who calls, with what: the texts of the request by name, and the file that came with it."""

    caller: Who
    fields: Mapping[str, str]
    file: "UploadedFile[bytes] | None" = None

    def text(self, name: str) -> str:
        """Return the text of an element, "" when it is absent."""
        return self.fields.get(name, "")

    def day(self, name: str) -> date:
        """Return an xs:date; a time zone, which .NET adds, says nothing about a calendar day."""
        try:
            return date.fromisoformat(self.text(name)[:10])
        except ValueError:
            raise UnprocessableError("bad-interval") from None


@dataclass(frozen=True)
class Operation(Generic[Who]):
    """An operation: what it answers, and which of the request an error repeats."""

    run: Callable[[Call[Who]], Nodes]
    repeats: tuple[str, ...] = ()
    errors: str = "error"
    """The element in which an error stands; `errors` holds several. Empty: refusals are faults."""
    says_beside: Nodes = ()
    """What an error says between the two."""
    broken: str = BROKEN.code
    """The code of the fault when the house itself fails."""


@dataclass(frozen=True, eq=False)
class Service(Generic[Who]):
    """A service: its names in the description, its schema below schemas/, its operations.

    `aliases` are names under which programs call an operation too; `carrier` is the element of a
    message that holds its document, of which no more than `largest()` bytes are kept.
    """

    name: str
    port: str
    about: str
    schema: str
    writer: Writer
    caller: Callable[[User, Credential], Who]
    operations: Mapping[str, Operation[Who]]
    aliases: Mapping[str, str] = field(default_factory=dict)
    carrier: str = "data"
    largest: Callable[[], int | None] = lambda: None


class RefusedFileError(Exception):
    """The file was refused at the door; it has its number all the same."""

    def __init__(self, nodes: Nodes) -> None:
        super().__init__()
        self.nodes = nodes
