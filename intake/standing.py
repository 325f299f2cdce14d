"""Where a document stands: its state in words, its history, how far the work on it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import ngettext

from intake import messages
from intake.models import Document
from intake.types import DocumentState, Stage

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def state_word(document: Document) -> "_StrOrPromise":
    """Return the official word for the state."""
    return messages.STATES[document.state]


@dataclass(frozen=True, slots=True)
class Event:
    """A change of state as the history shows it."""

    at: datetime
    state: DocumentState
    title: "_StrOrPromise"

    @property
    def tone(self) -> str:
        """The state, by which the colour is chosen."""
        return self.state.lower()


def history(document: Document) -> list[Event]:
    """Return every state a document has been in, the latest first."""
    final = DocumentState(document.state)
    moments = [
        (DocumentState.UPLOADED, document.received_at),
        (DocumentState.PROCESSING, document.started_at),
        (final, document.finished_at),
    ]
    if final is DocumentState.UPLOAD_REJECTED:
        moments = moments[2:]
    return [Event(at, state, messages.STATES[state]) for state, at in reversed(moments) if at]


_STEPS = (Stage.RECEIVED, Stage.UNPACKING, Stage.READING, Stage.STORING, Stage.CHECKING, Stage.DONE)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the judging is: `percent` is None where nobody can know."""

    steps: "Sequence[Mapping[str, _StrOrPromise]]"
    label: "_StrOrPromise"
    percent: int | None
    detail: str
    is_waiting_in_line: bool


def progress(document: Document) -> Progress:
    """Return how far the work on a waiting document is."""
    stage = Stage(document.stage)
    at = _STEPS.index(stage)
    steps = [
        {
            "label": messages.STAGES[step],
            "state": "done" if index < at else "current" if index == at else "waiting",
        }
        for index, step in enumerate(_STEPS)
    ]
    reads = stage is Stage.READING and document.total_bytes > 0
    percent = min(100, document.bytes_read * 100 // document.total_bytes) if reads else None
    return Progress(
        steps, messages.STAGES[stage], percent, _detail(document), stage is Stage.RECEIVED
    )


def _detail(document: Document) -> str:
    """Say what has been read; nothing while nothing has."""
    if document.records:
        params = {"count": formats.number_format(document.records, force_grouping=True)}
        return ngettext("%(count)s record", "%(count)s records", document.records) % params
    return ""
