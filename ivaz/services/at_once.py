"""Files small enough to be judged before the answer; larger ones go the way of all files."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from imas.kernel.errors import UnprocessableError
from intake.models import Document
from intake.services import receive
from intake.sniffing import HEAD, container_of
from intake.types import Source
from intake.unpacking import TOO_LARGE, Limits, unpack
from ivaz.parsing.reading import Header, read
from ivaz.selectors import KIND
from ivaz.services.sending import MOST, RIGHT
from ivaz.types import Record
from representation.types import Acting


def creator_of(file: "UploadedFile[bytes]") -> str:
    """Return the code of the preparer a small file names; "" where it cannot be read so far.

    It decides only where the file is judged: the judge reads it anew. UnprocessableError
    "waybill-file-too-large" for one of more than `IVAZ_SYNC_FILE_BYTES` unpacked, or of more than
    `MOST` records.
    """
    content = _unpacked(file)
    creator, records = "", 0
    for one in read(BytesIO(content)):
        if isinstance(one, Header):
            creator = one.creator
        records += isinstance(one, Record)
        if records > MOST:
            raise _too_large()
    return creator


def receive_small(
    acting: Acting, file: "UploadedFile[bytes]", *, idempotency_key: str = ""
) -> Document:
    """Take a file in; a refused one is a document too, and the same key the same document."""
    acting.require_wholly(RIGHT)
    return receive(
        acting,
        KIND,
        file,
        filename=file.name or "",
        content_type=file.content_type or "",
        source=Source.SERVICE_FILE,
        idempotency_key=idempotency_key,
    )


def _unpacked(file: "UploadedFile[bytes]") -> bytes:
    """Return the XML of a file, empty where there is none; the file is left at its beginning."""
    limit = settings.IVAZ_SYNC_FILE_BYTES
    if (file.size or 0) > limit:
        raise _too_large()
    container = container_of(file.read(HEAD))
    file.seek(0)
    with TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        target = Path(folder) / "document.xml"
        limits = Limits(limit, settings.INTAKE_MAX_RATIO)
        problem = unpack(container, cast("IO[bytes]", file), target, limits)
        file.seek(0)
        if problem and problem.code == TOO_LARGE:
            raise _too_large()
        return b"" if problem else target.read_bytes()


def _too_large() -> UnprocessableError:
    limit = settings.IVAZ_SYNC_FILE_BYTES
    return UnprocessableError("waybill-file-too-large", limit=str(limit), records=str(MOST))
