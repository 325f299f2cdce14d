"""Bytes of a file → the same document as UTF-8, block by block, safe to be cut at its tags.

What could fool whoever looks for tags is made harmless on the way: comments and processing
instructions lose their content and CDATA its `<`, while every line keeps its number and nothing
that was not well formed becomes so. A DOCTYPE is refused.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from imas.kernel import xml
from imas.kernel.errors import RefusedDocumentError
from isaf.parsing.broken import (
    BAD_ENCODING,
    EMPTY_FILE,
    NOT_VALID,
    RECORD_LIMIT,
    BrokenDocumentError,
    broken,
)

BLOCK = 2**20

_ACCEPTED = re.compile(r"utf-8(-sig)?|utf-16(-[lb]e)?|ascii|iso8859-\d+|cp125\d|cp775")
_DECLARATION = re.compile(
    rb"""<\?xml\s+version\s*=\s*(?:"[\d.]+"|'[\d.]+')"""
    rb"""(\s+encoding\s*=\s*(?:"[A-Za-z][\w.\-]*"|'[A-Za-z][\w.\-]*'))"""
    rb"""(?:\s+standalone\s*=\s*(?:"\w+"|'\w+'))?\s*\?>"""
)
_UNUSUAL = re.compile(rb"<[!?]")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OPENINGS = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))
_LONGEST_OPENING = 10
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Utf8Blocks:
    """The document as harmless UTF-8; BrokenDocumentError when it cannot be.

    `begins` is where its first byte lies in the file, as long as every byte but those of the
    declaration was handed on as it lies there; then it is None.
    """

    def __init__(self, file: BinaryIO, block: int = BLOCK) -> None:
        self.begins: int | None = 0
        self._file = file
        self._block = block

    def __iter__(self) -> Iterator[bytes]:
        """Yield the blocks, once."""
        return self._quieted(self._plain())

    def _plain(self) -> Iterator[bytes]:
        file, block = self._file, self._block
        head = file.read(block)
        if len(head) < block and not _text_of(head):
            raise broken(EMPTY_FILE)
        encoding = _encoding(head)
        if encoding in {"utf-8", "ascii"}:
            blocks = _from(head, file, block)
        elif encoding == "utf-8-sig":
            self.begins = len(codecs.BOM_UTF8)
            blocks = _from(head.removeprefix(codecs.BOM_UTF8), file, block)
        else:
            self.begins = None
            blocks = _transcoded(_from(head, file, block), encoding)
        first = next(blocks, b"")
        declared = first[:5] == b"<?xml"
        yield _DECLARATION.sub(_without_encoding, first, count=1) if declared else first
        yield from blocks

    def _quieted(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        held = b""
        first = True
        for data in blocks:
            held += data
            if len(held) > RECORD_LIMIT + BLOCK:
                raise broken(NOT_VALID, "record-too-large", limit=str(RECORD_LIMIT // 2**20))
            whole = held
            ready, held = _harmless(whole, 1 if first else None)
            if len(ready) + len(held) != len(whole) or not whole.startswith(ready):
                self.begins = None
            if ready:
                first = False
                yield ready
        if held:
            yield held


def _text_of(head: bytes) -> bytes:
    for mark in _BOMS:
        head = head.removeprefix(mark)
    return head.strip(b" \t\r\n\x00")


def _encoding(head: bytes) -> str:
    try:
        name = xml.sniff_encoding(head)
    except RefusedDocumentError as error:
        raise broken(BAD_ENCODING, "unknown-encoding", line=1, **error.params) from error
    if name.startswith("utf-16") and head[:1] == b"<" and head[1:2] != b"\x00":
        return "utf-8"  # says UTF-16 but was saved in eight bits, as some programs do
    if not _ACCEPTED.fullmatch(name):
        raise broken(BAD_ENCODING, "unknown-encoding", line=1, encoding=name)
    return name


def _from(head: bytes, file: BinaryIO, block: int) -> Iterator[bytes]:
    yield head
    while data := file.read(block):
        yield data


def _transcoded(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    for data in blocks:
        text = _decoded(decoder, data, encoding, line, final=False)
        line += text.count("\n")
        yield text.encode()
    yield _decoded(decoder, b"", encoding, line, final=True).encode()


def _decoded(
    decoder: codecs.IncrementalDecoder, data: bytes, encoding: str, line: int, *, final: bool
) -> str:
    try:
        return decoder.decode(data, final)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, "ignore")
        place = line + before.count("\n")
        raise broken(BAD_ENCODING, "bad-character", line=place, encoding=encoding) from error


def _without_encoding(declaration: re.Match[bytes]) -> bytes:
    whole, start = declaration[0], declaration.start()
    first, last = declaration.start(1) - start, declaration.end(1) - start
    blank = re.sub(rb"[^\n]", b" ", whole[first:last])
    return whole[:first] + blank + whole[last:]


def _harmless(data: bytes, line: int | None) -> tuple[bytes, bytes]:
    """Return what is safe to hand on, and the rest that more bytes are needed to judge.

    `line` is the line the data begins on, when it is known.
    """
    if not ((b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data)):
        cut = len(data) - data.endswith(b"<")
        return data[:cut], data[cut:]
    done: list[bytes] = []
    position = 0
    while found := _UNUSUAL.search(data, position):
        start = found.start()
        if _DOCTYPE.match(data, start):
            place = None if line is None else line + data.count(b"\n", 0, start)
            raise broken(NOT_VALID, "doctype", line=place)
        done.append(data[position:start])
        end = _end_of_unusual(data, start)
        if end is None:
            return b"".join(done), data[start:]
        done.append(_quiet(data[start:end]))
        position = end
    cut = len(data) - data.endswith(b"<")
    return b"".join((*done, data[position:cut])), data[cut:]


def _end_of_unusual(data: bytes, start: int) -> int | None:
    if len(data) - start < _LONGEST_OPENING:
        return None
    for opening, closing in _OPENINGS:
        if data.startswith(opening, start):
            end = data.find(closing, start + len(opening))
            return None if end < 0 else end + len(closing)
    return start + 2


def _quiet(unusual: bytes) -> bytes:
    """Return it without what could pass for a tag; unchanged when it is not well formed."""
    if unusual.startswith(b"<?xml") or not _stands_alone(unusual):
        return unusual
    if unusual.startswith(b"<![CDATA["):
        return b"]]>&lt;<![CDATA[".join(unusual[9:-3].split(b"<")).join((b"<![CDATA[", b"]]>"))
    lines = b"\n" * unusual.count(b"\n")
    return lines.join((b"<!--", b"-->") if unusual.startswith(b"<!--") else (b"<?x ", b"?>"))


def _stands_alone(unusual: bytes) -> bool:
    parser = xml.pull_parser()
    try:
        parser.feed(b"<a>" + unusual + b"</a>")
        parser.close()
    except etree.XMLSyntaxError:
        return False
    return True


__all__ = ["BLOCK", "BrokenDocumentError", "Utf8Blocks"]
