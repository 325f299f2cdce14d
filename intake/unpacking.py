"""Out of the envelope: gzip and zip with exactly one XML, under limits, in constant memory.

Nothing of an archive is trusted: not its names, not its sizes, not how many members it tells of.
What is wrong with it is returned as a Problem with an official code and a reason of ours.
"""

import gzip
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import SEEK_END
from pathlib import Path
from typing import IO

from imas.kernel.problems import Problem
from intake.archives import (
    WRONG_TYPE,
    RefusedArchiveError,
    files_of,
    require_readable,
    require_short_directory,
)
from intake.sniffing import HEAD, container_of
from intake.types import Container

TOO_LARGE = "11002"
EMPTY = "11007"

_CHUNK = 256 * 1024
_RATIO_FREE = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How large unpacked content may be, in bytes, and how many times larger than packed."""

    size: int
    ratio: int

    def largest(self, packed: int) -> int:
        """Return how large so many packed bytes may become by the ratio; small ones are let be."""
        return max(_RATIO_FREE, packed * self.ratio)


def unpack(
    container: Container,
    packed: IO[bytes],
    target: Path,
    limits: Limits,
    progress: Callable[[int], None] = lambda _written: None,
) -> Problem | None:
    """Write the one XML inside `packed` to `target`; return what forbids it, if anything.

    What is neither XML nor an archive is refused as at the door. On a problem `target` may hold
    a beginning; it belongs to the caller to remove it.
    """
    if container is Container.UNKNOWN:
        return Problem(WRONG_TYPE if packed.seek(0, SEEK_END) else EMPTY)
    try:
        with target.open("xb") as plain:
            if container is Container.GZIP:
                _unpack_gzip(packed, _Measured(plain, packed, limits, progress))
            elif container is Container.ZIP:
                _unpack_zip(packed, _Measured(plain, packed, limits, progress))
            else:
                _copy(packed, _Measured(plain, packed, limits, progress))
    except RefusedArchiveError as refused:
        return refused.problem
    return None


class _Measured:
    """Writes what comes out of an archive as long as it stays within the limits."""

    def __init__(
        self,
        plain: IO[bytes],
        packed: IO[bytes],
        limits: Limits,
        progress: Callable[[int], None],
    ) -> None:
        self._plain = plain
        self._packed_size = packed.seek(0, 2)
        packed.seek(0)
        self._limits = limits
        self._progress = progress
        self._written = 0

    def write(self, chunk: bytes) -> None:
        """Write one chunk; refuses the first one, unless it begins an XML, and any too many."""
        if not self._written:
            self._refuse_all_but_xml(chunk)
        self._written += len(chunk)
        if self._written > self._limits.size:
            raise RefusedArchiveError(TOO_LARGE, "unpacked", limit=str(self._limits.size))
        if self._written > self._limits.largest(self._packed_size):
            raise RefusedArchiveError(TOO_LARGE, "ratio", limit=str(self._limits.ratio))
        self._plain.write(chunk)
        self._progress(self._written)

    def close(self) -> None:
        """Refuse an archive out of which nothing came."""
        if not self._written:
            raise RefusedArchiveError(EMPTY, "inside")

    @staticmethod
    def _refuse_all_but_xml(chunk: bytes) -> None:
        inside = container_of(chunk[:HEAD])
        if inside is Container.UNKNOWN:
            raise RefusedArchiveError(WRONG_TYPE, "inside")
        if inside is not Container.XML:
            raise RefusedArchiveError(WRONG_TYPE, "nested")


def _copy(source: IO[bytes] | gzip.GzipFile, out: _Measured) -> None:
    while chunk := source.read(_CHUNK):
        out.write(chunk)
    out.close()


def _unpack_gzip(packed: IO[bytes], out: _Measured) -> None:
    try:
        with gzip.GzipFile(fileobj=packed, mode="rb") as source:
            _copy(source, out)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise RefusedArchiveError(WRONG_TYPE, "damaged") from None


def _unpack_zip(packed: IO[bytes], out: _Measured) -> None:
    require_short_directory(packed)
    try:
        with zipfile.ZipFile(packed) as archive:
            member = _only_file(archive)
            with archive.open(member) as source:
                _copy(source, out)
    except (EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError):
        raise RefusedArchiveError(WRONG_TYPE, "damaged") from None


def _only_file(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    files = files_of(archive)
    if not files:
        raise RefusedArchiveError(EMPTY, "inside")
    if len(files) > 1:
        raise RefusedArchiveError(WRONG_TYPE, "several", count=str(len(files)))
    require_readable(files[0])
    return files[0]
