"""Files that i.MAS writes itself, for what a taxpayer says on its pages (source PORTAL_FORM)."""

from collections.abc import Iterable

from django.core.files.uploadedfile import SimpleUploadedFile

from imas.kernel import clock
from imas.kernel.periods import Period
from intake.models import Document
from intake.types import Source
from isaf.parsing.model import VERSION
from isaf.services import uploading
from isaf.types import DataType, Header
from representation.types import Acting


def portal_header(
    acting: Acting, period: Period, part: str, data_type: DataType = DataType.FULL
) -> Header:
    """Return the header of a file for the taxpayer acted for; the part is the only one it knows."""
    written = clock.now().astimezone(clock.VILNIUS).replace(tzinfo=None)
    return Header(
        version=VERSION,
        created=written.isoformat("T", "seconds"),
        data_type=data_type,
        software_company="i.MAS",
        software_name="i.MAS",
        software_version="1",
        registration_number=acting.taxpayer_code,
        number_of_parts=1 if part.isdigit() else None,
        part_number=part,
        start=period.start,
        end=period.end,
    )


def send(acting: Acting, name: str, content: Iterable[bytes]) -> Document:
    """Send a file written here through the door every file comes in by."""
    file = SimpleUploadedFile(name, b"".join(content), "application/xml")
    return uploading.receive_file(acting, file, source=Source.PORTAL_FORM, dry_run=False)
