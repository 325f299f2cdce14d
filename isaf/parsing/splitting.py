"""A stream of UTF-8 → its skeleton, and chunks of whole records to be judged by themselves.

The claim everything rests on: a document is valid exactly when its skeleton is (each list of
records replaced by one valid record), every chunk is valid where its list stands, and no list is
too long. A parser is fed with the skeleton as it grows, so it alone says where in the document
we are; a chunk never holds the end tag of its own list, so it cannot break out of its place.
"""

import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

from isaf.parsing.broken import NOT_VALID, RECORD_LIMIT, broken
from isaf.parsing.lists import LISTS, Chunk, Envelope
from isaf.parsing.reading import BLOCK, Utf8Blocks
from isaf.parsing.skeleton import Skeleton
from isaf.quick import count_ends, count_lines

CHUNK = 2**20
"""Bytes after which a chunk is cut at the last end of a record."""

_LIST_OPENS = re.compile(
    rb"""<(?:[^\s<>/:="']+:)?(?:%s)(?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*)?(?<!/)>"""
    % b"|".join(name.encode() for name in LISTS)
)


class Splitter:
    """Cuts a document into chunks; when the iteration has ended, `skeleton` is whole."""

    def __init__(self, file: BinaryIO, *, block: int = BLOCK, chunk: int = CHUNK) -> None:
        self.skeleton = Skeleton()
        self.records = dict.fromkeys(LISTS, 0)
        self._blocks = Utf8Blocks(file, block)
        self._chunk = chunk
        self._buffer = b""
        self._taken = 0
        self._line = 1
        self._open: _OpenList | None = None

    def __iter__(self) -> Iterator[Chunk]:
        """Yield the chunks in file order; BrokenDocumentError when reading cannot go on."""
        for block in self._blocks:
            self._buffer += block
            yield from self._advance()
        if self._open is not None:
            yield from self._close_list(self._open, len(self._buffer))
        self._feed(len(self._buffer))
        self.skeleton.close()

    def _advance(self) -> Iterator[Chunk]:
        moved = True
        while moved:
            if self._open is None:
                moved = self._read_between_lists()
            else:
                moved = yield from self._read_list(self._open)

    def _read_between_lists(self) -> bool:
        found = _LIST_OPENS.search(self._buffer)
        self._feed(found.end() if found else self._buffer.rfind(b"<"))
        if found and (envelope := self.skeleton.open_list()):
            self._open = _OpenList(envelope)
        if not found and len(self._buffer) > RECORD_LIMIT:
            self._feed(len(self._buffer))
        return found is not None

    def _read_list(self, opened: "_OpenList") -> Generator[Chunk, None, bool]:
        end = self._buffer.find(opened.end_tag)
        if end >= 0:
            yield from self._close_list(opened, end)
            return True
        if len(self._buffer) >= self._chunk:
            cut = opened.last_record_end(self._buffer, len(self._buffer))
            if cut:
                yield self._take_chunk(opened, cut)
            elif len(self._buffer) > RECORD_LIMIT:
                raise broken(
                    NOT_VALID, "record-too-large", line=self._line, limit=str(RECORD_LIMIT // 2**20)
                )
        return False

    def _close_list(self, opened: "_OpenList", end: int) -> Iterator[Chunk]:
        if cut := opened.last_record_end(self._buffer, end):
            yield self._take_chunk(opened, cut)
        if opened.has_records:
            self.skeleton.stand_in(opened.envelope)
        self._open = None

    def _take_chunk(self, opened: "_OpenList", end: int) -> Chunk:
        opened.has_records = True
        name = opened.envelope.name
        line, position, begins = self._line, self.records[name], self._blocks.begins
        at = None if begins is None else begins + self._taken
        data = self._take(end)
        count = opened.count(data)
        self.records[name] += count
        return Chunk(opened.envelope, line, position, count, data, at)

    def _feed(self, end: int) -> None:
        if end > 0:
            line = self._line
            self.skeleton.feed(self._take(end), line)

    def _take(self, end: int) -> bytes:
        data, self._buffer = self._buffer[:end], self._buffer[end:]
        self._taken += end
        self._line += count_lines(data)
        return data


class _OpenList:
    """The tags to look for inside a list."""

    def __init__(self, envelope: Envelope) -> None:
        record = envelope.records.record
        self.envelope = envelope
        self.has_records = False
        self.end_tag = f"</{envelope.qualified(envelope.name)}".encode()
        self._record_end = f"</{envelope.qualified(record)}>".encode()
        self._any_end = re.compile(rb"</(?:[^\s<>:/]+:)?%s\s*>" % record.encode())
        self._record = record.encode()

    def last_record_end(self, data: bytes, before: int) -> int:
        """Return where the last record ends, 0 when none does."""
        found = data.rfind(self._record_end, 0, before)
        end = found + len(self._record_end) if found >= 0 else 0
        for other in self._any_end.finditer(data, end, before):
            end = other.end()
        return end

    def count(self, data: bytes) -> int:
        """Return the number of record end tags."""
        return count_ends(data, self._record)
