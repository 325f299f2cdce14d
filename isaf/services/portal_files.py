"""Files that i.MAS writes itself, for what a taxpayer says on its pages (source PORTAL_FORM)."""

from collections.abc import Iterable

from django.core.files.uploadedfile import SimpleUploadedFile

from intake.models import Document
from intake.types import Source
from isaf.services import uploading
from representation.types import Acting


def send(acting: Acting, name: str, content: Iterable[bytes]) -> Document:
    """Send a file written here through the door every file comes in by."""
    file = SimpleUploadedFile(name, b"".join(content), "application/xml")
    return uploading.receive_file(acting, file, source=Source.PORTAL_FORM, dry_run=False)
