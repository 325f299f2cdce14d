"""Files of many taxpayers in one delivery, as the program of a service provider sends them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from imas.kernel.errors import DomainError, UnprocessableError
from intake.batches import Member, members_of
from intake.models import Document
from intake.types import Source
from intake.unpacking import Limits
from isaf.parsing.peeking import HEAD, registration_number_of
from isaf.services.uploading import receive_file
from representation.types import Acting

LONGEST_KEY = 200
"""The number of the file is written behind the key of the batch."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one file: a document with its receipt, or why there is none."""

    name: str
    taxpayer_code: str = ""
    document: Document | None = None
    refusal: DomainError | None = None


def receive_batch(
    acting_as: Callable[[str], Acting], packed: IO[bytes], *, dry_run: bool, key: str = ""
) -> Iterator[Delivered]:
    """Take in the files of a zip one after another, each for the taxpayer its header names.

    `acting_as` gives the sender acting for a taxpayer by code, ForbiddenError where he may not.
    A file that is refused does not stop the others. Under the same key the same files in the same
    order are the same documents, so a delivery that broke off is sent again whole. The refusals of
    `members_of` come before anything is taken in.
    """
    if len(key) > LONGEST_KEY:
        raise UnprocessableError("idempotency-key-too-long", limit=str(LONGEST_KEY))
    limits = Limits(settings.INTAKE_MAX_UNPACKED_BYTES, settings.INTAKE_MAX_RATIO)
    members = members_of(packed, most=settings.ISAF_BATCH_FILES, limits=limits)
    for number, member in enumerate(members, start=1):
        own_key = f"{key}#{number}" if key else ""
        yield _received(acting_as, member, dry_run=dry_run, key=own_key)


def _received(
    acting_as: Callable[[str], Acting], member: Member, *, dry_run: bool, key: str
) -> Delivered:
    if member.content is None:
        return Delivered(member.name, refusal=member.refusal)
    code = registration_number_of(member.content.read(HEAD))
    member.content.seek(0)
    if not code:
        missing = UnprocessableError("file-taxpayer-missing")
        return Delivered(member.name, refusal=missing)
    try:
        document = receive_file(
            acting_as(code),
            UploadedFile(member.content, member.name),
            source=Source.SERVICE_FILE,
            dry_run=dry_run,
            idempotency_key=key,
        )
    except DomainError as refusal:
        return Delivered(member.name, code, refusal=refusal)
    return Delivered(member.name, code, document)
