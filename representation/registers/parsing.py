"""CSV and JSON files → records, one at a time: memory does not grow with the file."""

import csv
import json
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from typing import IO, Any

from imas.kernel.errors import RefusedDocumentError
from representation.registers.types import COLUMNS, RegisterKind, needed_columns

Record = Mapping[str, str]

LONGEST_LINE = 64 * 1024
_CHUNK = 64 * 1024
_LONGEST_OBJECT = 1024 * 1024


def records(file: IO[bytes], kind: RegisterKind) -> Iterator[Record]:
    """Yield the rows of a file, values stripped, absent ones "".

    CSV has a heading and commas or semicolons; JSON is an array of flat objects or an object a
    line. Anything else, other columns, or no row at all: `RefusedDocumentError`.
    """
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    found = False
    try:
        for record in _read(text, kind):
            found = True
            yield record
    except UnicodeDecodeError:
        raise RefusedDocumentError("register-not-utf-8") from None
    finally:
        text.detach()
    if not found:
        raise RefusedDocumentError("register-empty")


def _read(text: TextIOWrapper, kind: RegisterKind) -> Iterator[Record]:
    beginning = text.readline(LONGEST_LINE)
    while beginning and not beginning.strip():
        beginning = text.readline(LONGEST_LINE)
    if beginning.lstrip().startswith(("[", "{")):
        return _json_records(text, beginning, kind)
    return _csv_records(text, beginning, kind)


def _csv_records(text: TextIOWrapper, heading: str, kind: RegisterKind) -> Iterator[Record]:
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    names = [name.strip() for name in next(csv.reader([heading], delimiter=delimiter), [])]
    _refuse_columns(names, kind)
    try:
        for values in csv.reader(_lines(text), delimiter=delimiter, strict=True):
            if len(values) > len(names):
                raise RefusedDocumentError("register-unreadable")
            if any(values):
                yield dict(zip(names, map(str.strip, values), strict=False))
    except csv.Error:
        raise RefusedDocumentError("register-unreadable") from None


def _lines(text: TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise RefusedDocumentError("register-unreadable")
        yield line


def _json_records(text: TextIOWrapper, beginning: str, kind: RegisterKind) -> Iterator[Record]:
    for found in _objects(text, beginning):
        if not isinstance(found, dict):
            raise RefusedDocumentError("register-unreadable")
        _refuse_columns(list(found), kind)
        yield {name: _as_text(value) for name, value in found.items()}


def _objects(text: TextIOWrapper, buffer: str) -> Iterator[Any]:
    """Objects of an array, or one after another; brackets and commas between them are skipped."""
    decode = json.JSONDecoder().raw_decode
    while True:
        buffer = buffer.lstrip(" \t\r\n,[]")
        try:
            found, end = decode(buffer)
        except (json.JSONDecodeError, RecursionError):
            more = text.read(_CHUNK)
            if not more and not buffer:
                return
            if not more or len(buffer) > _LONGEST_OBJECT:
                raise RefusedDocumentError("register-unreadable") from None
            buffer += more
        else:
            yield found
            buffer = buffer[end:]


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value).strip()
    raise RefusedDocumentError("register-unreadable")


def _refuse_columns(names: list[str], kind: RegisterKind) -> None:
    missing = set(needed_columns(kind)) - set(names)
    strange = set(names) - set(COLUMNS[kind])
    if missing or strange or len(set(names)) != len(names):
        raise RefusedDocumentError(
            "register-columns",
            expected=", ".join(COLUMNS[kind]),
            needed=", ".join(needed_columns(kind)),
        )
