"""Where the sent documents lie."""

import os
from contextlib import closing
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from imas.kernel.ahead import batches_ahead

_CHUNK = 2**19


class DurableStorage(FileSystemStorage):
    """A local directory in which a file is either there, whole and on the disk, or not there."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("xb") as file:
                part.chmod(0o600)
                # Documents are hashed while they are read, here as the bytes before are written.
                with closing(batches_ahead(content.chunks(_CHUNK), 1)) as ahead:
                    file.writelines(chunk for (chunk,) in ahead)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        _settle(target.parent)
        return name


def _settle(directory: Path) -> None:
    """Make the new name itself survive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
