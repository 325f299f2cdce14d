"""Out of the envelope: gzip and zip with exactly one XML, under limits, in constant memory.

Nothing of an archive is trusted: not its names, not its sizes, not how many members it tells of.
What is wrong with it is returned as a Problem with an official code and a reason of ours.
"""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import SEEK_END
from pathlib import Path, PurePosixPath
from typing import IO

from imas.kernel.problems import Problem
from intake.sniffing import HEAD, container_of
from intake.types import Container

WRONG_TYPE = "11001"
TOO_LARGE = "11002"
EMPTY = "11007"

_CHUNK = 256 * 1024
_RATIO_FREE = 32 * 1024 * 1024
_DIRECTORY_LIMIT = 1024 * 1024
_END_RECORD = struct.Struct("<4s4H2LH")
_END_RECORD_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_LONGEST_COMMENT = 65_535
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large unpacked content may be, in bytes, and how many times larger than packed."""

    size: int
    ratio: int


class _RefusedError(Exception):
    """Carries the problem out of a half-read archive."""

    def __init__(self, code: str, reason: str, **params: str) -> None:
        self.problem = Problem(code, reason=reason, params=params)
        super().__init__(reason)


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
    except _RefusedError as refused:
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
            raise _RefusedError(TOO_LARGE, "unpacked", limit=str(self._limits.size))
        if self._written > max(_RATIO_FREE, self._packed_size * self._limits.ratio):
            raise _RefusedError(TOO_LARGE, "ratio", limit=str(self._limits.ratio))
        self._plain.write(chunk)
        self._progress(self._written)

    def close(self) -> None:
        """Refuse an archive out of which nothing came."""
        if not self._written:
            raise _RefusedError(EMPTY, "inside")

    @staticmethod
    def _refuse_all_but_xml(chunk: bytes) -> None:
        inside = container_of(chunk[:HEAD])
        if inside is Container.UNKNOWN:
            raise _RefusedError(WRONG_TYPE, "inside")
        if inside is not Container.XML:
            raise _RefusedError(WRONG_TYPE, "nested")


def _copy(source: IO[bytes] | gzip.GzipFile, out: _Measured) -> None:
    while chunk := source.read(_CHUNK):
        out.write(chunk)
    out.close()


def _unpack_gzip(packed: IO[bytes], out: _Measured) -> None:
    try:
        with gzip.GzipFile(fileobj=packed, mode="rb") as source:
            _copy(source, out)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise _RefusedError(WRONG_TYPE, "damaged") from None


def _unpack_zip(packed: IO[bytes], out: _Measured) -> None:
    if _directory_size(packed) > _DIRECTORY_LIMIT:
        raise _RefusedError(WRONG_TYPE, "several")
    try:
        with zipfile.ZipFile(packed) as archive:
            member = _only_member(archive.infolist())
            with archive.open(member) as source:
                _copy(source, out)
    except (EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError):
        raise _RefusedError(WRONG_TYPE, "damaged") from None


def _only_member(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    for member in members:
        if not _name_is_safe(member.orig_filename):
            raise _RefusedError(WRONG_TYPE, "name", name=member.orig_filename[:100])
    files = [member for member in members if not _is_by_the_way(member)]
    if not files:
        raise _RefusedError(EMPTY, "inside")
    if len(files) > 1:
        raise _RefusedError(WRONG_TYPE, "several", count=str(len(files)))
    if files[0].header_offset < 0:
        raise _RefusedError(WRONG_TYPE, "damaged")
    if files[0].flag_bits & _ENCRYPTED:
        raise _RefusedError(WRONG_TYPE, "encrypted")
    if files[0].compress_type not in _METHODS:
        raise _RefusedError(WRONG_TYPE, "method")
    return files[0]


def _name_is_safe(name: str) -> bool:
    """Tell whether a name stays in its folder; it is never used as one, but it is a sign."""
    path = PurePosixPath(name.replace("\\", "/"))
    return not (path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name)


def _is_by_the_way(member: zipfile.ZipInfo) -> bool:
    """Tell a folder, or the shadow files macOS adds to every archive."""
    return member.is_dir() or member.filename.startswith("__MACOSX/")


def _directory_size(packed: IO[bytes]) -> int:
    """Return how long the list of members claims to be, before anybody reads it into memory."""
    size = packed.seek(0, 2)
    start = max(0, size - _END_RECORD.size - _LONGEST_COMMENT)
    packed.seek(start)
    tail = packed.read()
    packed.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_RECORD.size:
        raise _RefusedError(WRONG_TYPE, "damaged")
    directory: int = _END_RECORD.unpack_from(tail, at)[5]
    return max(directory, _directory_size_64(packed, start + at))


def _directory_size_64(packed: IO[bytes], end_record: int) -> int:
    if end_record < _LOCATOR_64.size:
        return 0
    packed.seek(end_record - _LOCATOR_64.size)
    mark, _, offset, _ = _LOCATOR_64.unpack(packed.read(_LOCATOR_64.size))
    packed.seek(0)
    if mark != b"PK\x06\x07":
        return 0
    packed.seek(min(offset, end_record))
    record = packed.read(_END_RECORD_64.size)
    packed.seek(0)
    if len(record) < _END_RECORD_64.size:
        return 0
    size: int = _END_RECORD_64.unpack(record)[8]
    return size
