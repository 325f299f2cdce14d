"""The values the front desk and a subsystem's judge exchange."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import UUID

from imas.kernel.problems import Problem, Severity

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PROBLEMS_KEPT = 2_000
"""The official uploader answers with at most so many errors (WS specification 2.2, errors)."""


class DocumentState(StrEnum):
    """Where a document is; official names but for FAILED, which is our own fault."""

    UPLOAD_REJECTED = "UPLOAD_REJECTED"
    UPLOADED = "UPLOADED"
    PROCESSING = "PROCESSING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    FAILED = "FAILED"


MOVES: Mapping[DocumentState, frozenset[DocumentState]] = {
    DocumentState.UPLOAD_REJECTED: frozenset(),
    DocumentState.UPLOADED: frozenset({DocumentState.PROCESSING}),
    DocumentState.PROCESSING: frozenset(
        {
            DocumentState.PROCESSING,
            DocumentState.ACCEPTED,
            DocumentState.REJECTED,
            DocumentState.FAILED,
        }
    ),
    DocumentState.ACCEPTED: frozenset(),
    DocumentState.REJECTED: frozenset(),
    DocumentState.FAILED: frozenset(),
}
"""Allowed moves; PROCESSING to itself is a second attempt after a lost one."""

WAITING = frozenset({DocumentState.UPLOADED, DocumentState.PROCESSING})
"""States in which the verdict is still to come."""

HELD = WAITING | {DocumentState.ACCEPTED}
"""States in which the same file sent again is fault 11003."""


class Source(StrEnum):
    """How a document came in (official RegistryPartSource)."""

    PORTAL_FORM = "PORTAL_FORM"
    PORTAL_FILE = "PORTAL_FILE"
    SERVICE_FILE = "SERVICE_FILE"


class Stage(StrEnum):
    """What is being done with a document, in this order."""

    RECEIVED = "RECEIVED"
    UNPACKING = "UNPACKING"
    READING = "READING"
    STORING = "STORING"
    CHECKING = "CHECKING"
    DONE = "DONE"


class Container(StrEnum):
    """What the first bytes of a document say it is."""

    XML = "xml"
    GZIP = "gzip"
    ZIP = "zip"
    UNKNOWN = ""


class Findings:
    """Collects what a judge finds: the first 2 000 problems, exact totals of all.

    Safe to be given any number of problems; memory stays bounded.
    """

    def __init__(self, limit: int = PROBLEMS_KEPT) -> None:
        self._limit = limit
        self.kept: list[Problem] = []
        self.totals: Counter[tuple[str, Severity]] = Counter()

    def add(self, problems: Iterable[Problem]) -> None:
        """Count every problem and keep those for which there is room."""
        for problem in problems:
            self.totals[problem.code, problem.severity] += 1
            if len(self.kept) < self._limit:
                self.kept.append(problem)

    def add_total(self, code: str, severity: Severity, count: int) -> None:
        """Count problems that somebody else has found and did not keep."""
        if count:
            self.totals[code, severity] += count

    def count(self, severity: Severity) -> int:
        """Return how many problems of this severity were found."""
        return sum(
            count for (_, its_severity), count in self.totals.items() if its_severity is severity
        )

    @property
    def errors(self) -> int:
        """How many problems that must be mended were found."""
        return self.count(Severity.ERROR)


def _no_progress(_stage: Stage, _bytes_read: int, _records: int) -> None:
    """Stand in where nobody watches."""


@dataclass(frozen=True, slots=True)
class Job:
    """One document to judge, unpacked: `path` is plain XML of `size` bytes, gone afterwards.

    `attempt` grows each time the document is taken up; what an earlier attempt left behind may be
    cleaned away by its number. `room` is a folder for this attempt alone, gone with it even when
    the worker is killed. `progress(stage, bytes_read, records)` costs next to nothing.
    """

    document_id: UUID
    taxpayer_id: int
    user_id: int
    source: Source
    dry_run: bool
    attempt: int
    filename: str
    sha256: str
    path: Path
    room: Path
    size: int
    limits: Sequence[Mapping[str, Sequence[str]]] = ()
    """Of the sender's right when the document came: any one suffices; none: the right is whole."""
    findings: Findings = field(default_factory=Findings)
    progress: Callable[[Stage, int, int], None] = _no_progress

    def open(self) -> BinaryIO:
        """Open the plain XML for reading from its beginning."""
        return self.path.open("rb")


def _keep_nothing() -> Sequence[str]:
    return ()


def _discard_nothing() -> None:
    """Nothing was staged."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge decided.

    `counts` are the document's records by name. `keep` makes what was staged visible and returns
    the numbers of the registers it went to; it runs in the transaction of the verdict and only
    when the document is accepted and no dry run. `discard` removes what was staged whenever it is
    not kept; it may be called twice. `is_partial` tells that some of what an accepted document
    says was refused: the same file may be sent again.
    """

    accepted: bool
    counts: Mapping[str, int] = field(default_factory=dict)
    keep: Callable[[], Sequence[str]] = _keep_nothing
    discard: Callable[[], None] = _discard_nothing
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads about a problem.

    The `title` names a group of such problems, the `message` says what is wrong with this one,
    `mend` what to do. Each may hold named placeholders of the problem's params, `%(value)s` and
    `%(invoice_no)s`. `system_code` is the official name of the code.
    """

    message: "StrOrPromise"
    title: "StrOrPromise" = ""
    mend: "StrOrPromise" = ""
    system_code: str = ""


def _nothing_to_tell(_document: object) -> None:
    """Nobody waits for the verdict."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of document a subsystem judges.

    `judge` finds problems and stages rows, nothing visible; it must be safe to call again. Where
    the records of a document stand each for itself it may do what they say at once, as long as
    calling it again does nothing twice (docs/decisions/0014).
    `problem_words` puts a code and its reason into words. `announce` runs in the transaction of
    every final verdict (mailbox messages belong here), `after` after it is committed; both are
    given the Document. `url_name` is the page of one document, by its id.
    """

    name: str
    judge: Callable[[Job], Judgement]
    problem_words: Callable[[str, str], Words]
    right_to_upload: str
    right_to_view: str
    url_name: str = ""
    announce: Callable[[Any], None] = _nothing_to_tell
    after: Callable[[Any], None] = _nothing_to_tell
