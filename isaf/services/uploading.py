"""Handing files over to the front desk."""

from django.core.files.uploadedfile import UploadedFile

from intake.models import Document
from intake.services import receive
from intake.types import Source
from representation.types import Acting

KIND = "isaf"


def receive_file(
    acting: Acting,
    file: "UploadedFile[bytes]",
    *,
    source: Source,
    dry_run: bool,
    idempotency_key: str = "",
) -> Document:
    """Take a file in and return it with its receipt; a refused one is a document too."""
    return receive(
        acting,
        KIND,
        file,
        filename=file.name or "",
        content_type=file.content_type or "",
        source=source,
        dry_run=dry_run,
        idempotency_key=idempotency_key,
    )
