"""What the states of a file at the desk are called."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from exchange import eds_messages as eds
from exchange.desk.models import DeskFile

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_FILES = {
    eds.FILE_UNCONFIRMED: (_("Draft, not confirmed"), "warning"),
    eds.FILE_REMOVED: (_("Draft removed"), "neutral"),
}
_ACCEPTED = (_("Declaration accepted"), "success")

REFUSALS = {
    "eds-file-not-found": (
        _("There is no such declaration"),
        _("It was never uploaded, or it is somebody else’s."),
    ),
    "eds-file-decided": (
        _("The draft has been decided on"),
        _("It was confirmed or removed meanwhile. Open the list again."),
    ),
    "not-ffdata": (
        _("The file is no FFData"),
        _("EDS takes declarations as FFData files."),
    ),
}


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of the desk with its state in words."""

    file: DeskFile
    word: "_StrPromise"
    tone: str

    @property
    def is_draft(self) -> bool:
        """Whether it may still be confirmed or removed."""
        return self.file.file_state == eds.FILE_UNCONFIRMED


def shown(file: DeskFile) -> ShownFile:
    """Return a file as it is shown."""
    return ShownFile(file, *_FILES.get(file.file_state, _ACCEPTED))
