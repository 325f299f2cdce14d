"""Files that go with messages: kept in the storage before the message is posted."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, Protocol, cast

from django.core.files.base import File
from django.core.files.storage import default_storage

from imas.kernel import clock

_CHUNK = 64 * 1024


class Readable(Protocol):
    """A stream of bytes, read once from its beginning."""

    def read(self, size: int = ..., /) -> bytes:
        """Return up to so many bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes are in the storage already."""

    name: str
    content_type: str
    size: int
    sha256: str
    storage_name: str


@contextmanager
def kept_file(stream: Readable, *, name: str, content_type: str) -> Iterator[KeptFile]:
    """Keep a file for the message that is posted inside; a failure there takes it away again.

    Enter it outside of any transaction and give what it yields to `post_message`.
    """
    hashed = _Hashed(stream)
    with ExitStack() as undo:
        # No folder of a day: in such `intake` clears away what no document owns.
        wanted = f"mailbox/{clock.today():%Y/%m}/{uuid.uuid4()}"
        stored = default_storage.save(wanted, File(cast("IO[bytes]", hashed)))
        undo.callback(default_storage.delete, stored)
        yield KeptFile(name[:200], content_type[:100], hashed.size, hashed.hexdigest(), stored)
        undo.pop_all()


class _Hashed:
    """Counts and hashes what is read from a stream."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = _CHUNK) -> bytes:
        """Return the next bytes."""
        chunk = self._stream.read(size)
        self._digest.update(chunk)
        self.size += len(chunk)
        return chunk

    def hexdigest(self) -> str:
        """Return the SHA-256 of all that was read."""
        return self._digest.hexdigest()
