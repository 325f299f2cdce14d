"""A zip of many documents on its way in: member after member, each on its own."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from imas.kernel.errors import UnprocessableError
from intake.archives import (
    RefusedArchiveError,
    files_of,
    require_readable,
    require_short_directory,
)
from intake.unpacking import Limits

_CHUNK = 256 * 1024
_KEPT_IN_MEMORY = 1024 * 1024
_BROKEN = (EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a batch: its content, which ends with the turn of the loop, or what is wrong."""

    name: str
    content: IO[bytes] | None = None
    refusal: UnprocessableError | None = None


def members_of(packed: IO[bytes], *, most: int, limits: Limits) -> Iterator[Member]:
    """Yield the files of a zip in the order it lists them; a bad one does not spoil the others.

    Before the first: UnprocessableError "batch-unreadable" for what is no such zip, "batch-empty"
    and "batch-too-many" by its number of files. A member's refusal is "batch-file-unreadable" or,
    when it or all so far unpack to more than `limits` let pass, "batch-too-large". Memory: 1 MB of
    a member, the rest of it on the disk.
    """
    try:
        require_short_directory(packed)
        with zipfile.ZipFile(packed) as archive:
            files = files_of(archive)
            if not files:
                raise UnprocessableError("batch-empty")
            if len(files) > most:
                raise UnprocessableError("batch-too-many", limit=str(most), count=str(len(files)))
            yield from _members(archive, files, limits)
    except (RefusedArchiveError, *_BROKEN) as broken:
        raise UnprocessableError("batch-unreadable") from broken


def _members(
    archive: zipfile.ZipFile, files: list[zipfile.ZipInfo], limits: Limits
) -> Iterator[Member]:
    left = limits.size
    for file in files:
        with closing(SpooledTemporaryFile(_KEPT_IN_MEMORY)) as content:
            most = min(left, limits.largest(file.compress_size))
            size = _copy(archive, file, cast("IO[bytes]", content), most)
            if isinstance(size, UnprocessableError):
                yield Member(file.filename, refusal=size)
            else:
                left -= size
                yield Member(file.filename, cast("IO[bytes]", content))


def _copy(
    archive: zipfile.ZipFile, file: zipfile.ZipInfo, content: IO[bytes], most: int
) -> int | UnprocessableError:
    """Write a member of so many bytes at most out and rewind; return its size, or what is wrong."""
    size = 0
    try:
        require_readable(file)
        with archive.open(file) as packed:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    return UnprocessableError("batch-too-large")
                content.write(chunk)
    except (RefusedArchiveError, *_BROKEN):
        return UnprocessableError("batch-file-unreadable")
    content.seek(0)
    return size
