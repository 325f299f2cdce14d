"""Input of files that prove something; shape only."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import scans
from imas.web.uploads import SeveralFilesField, SeveralFilesInput
from mailbox.proofs import Proof

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

_MOST_FILES = 5


class ProofsField(SeveralFilesField):
    """Files that prove a reason: PDF, PNG or JPEG by their bytes, small and few."""

    widget = SeveralFilesInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"})

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(
            label=_("Files"),
            help_text=_("PDF, PNG or JPEG, five at most, up to 5 MB each."),
            required=required,
        )

    def clean(self, data: Any, initial: Any = None) -> list[Proof]:
        """Return the files with their kinds; none where none was chosen and none is needed."""
        if not data and not self.required:
            return []
        files = super().clean(data, initial)
        if len(files) > _MOST_FILES:
            raise ValidationError(_("At most five files."))
        return [_proof(file) for file in files]


def _proof(file: "UploadedFile[bytes]") -> Proof:
    if (file.size or 0) > scans.LARGEST:
        raise ValidationError(_("A file is larger than 5 MB."))
    kind = scans.type_of(file.read(16))
    file.seek(0)
    if not kind:
        raise ValidationError(_("The file is neither PDF, PNG nor JPEG."))
    return Proof(file, kind)
