"""Files a taxpayer adds to bear something out: kept before the rows that own them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from mailbox.attachments import KeptFile, kept_file


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that proves something, and what kind its bytes are."""

    file: "UploadedFile[bytes]"
    content_type: str


@contextmanager
def kept(proofs: Sequence[Proof]) -> Iterator[list[KeptFile]]:
    """Keep files for the rows made inside; a failure there takes them away again.

    Enter it outside of any transaction.
    """
    with ExitStack() as files:
        yield [
            files.enter_context(
                kept_file(proof.file, name=proof.file.name or "", content_type=proof.content_type)
            )
            for proof in proofs
        ]
