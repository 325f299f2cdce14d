"""Looking into a zip without trusting it: not its names, not its sizes, not its directory."""

import struct
import zipfile
from pathlib import PurePosixPath
from typing import IO

from imas.kernel.problems import Problem

WRONG_TYPE = "11001"

_DIRECTORY_LIMIT = 1024 * 1024
_END_RECORD = struct.Struct("<4s4H2LH")
_END_RECORD_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_LONGEST_COMMENT = 65_535
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class RefusedArchiveError(Exception):
    """Carries the problem out of a half-read archive."""

    def __init__(self, code: str, reason: str, **params: str) -> None:
        self.problem = Problem(code, reason=reason, params=params)
        super().__init__(reason)


def require_short_directory(packed: IO[bytes]) -> None:
    """Refuse an archive whose list of members no honest one has, before anybody reads it."""
    if _directory_size(packed) > _DIRECTORY_LIMIT:
        raise RefusedArchiveError(WRONG_TYPE, "several")


def files_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the members that are files; refuses an archive in which a name leaves its folder."""
    members = archive.infolist()
    for member in members:
        if not _name_is_safe(member.orig_filename):
            raise RefusedArchiveError(WRONG_TYPE, "name", name=member.orig_filename[:100])
    return [member for member in members if not _is_by_the_way(member)]


def require_readable(member: zipfile.ZipInfo) -> None:
    """Refuse a member that is damaged, encrypted or packed in a way nobody here unpacks."""
    if member.header_offset < 0:
        raise RefusedArchiveError(WRONG_TYPE, "damaged")
    if member.flag_bits & _ENCRYPTED:
        raise RefusedArchiveError(WRONG_TYPE, "encrypted")
    if member.compress_type not in _METHODS:
        raise RefusedArchiveError(WRONG_TYPE, "method")


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
        raise RefusedArchiveError(WRONG_TYPE, "damaged")
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
