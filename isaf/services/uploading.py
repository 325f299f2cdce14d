"""Handing files over to the front desk."""

from collections.abc import Iterable

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

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


def send_written(acting: Acting, name: str, content: Iterable[bytes]) -> Document:
    """Send a file that i.MAS has written for what somebody says on its pages (PORTAL_FORM)."""
    file = SimpleUploadedFile(name, b"".join(content), "application/xml")
    return receive_file(acting, file, source=Source.PORTAL_FORM, dry_run=False)
