"""SOAP 1.1 messages on their way in: the document they carry goes to a file, the rest is small.

A document travels inline as base64 or beside the message (MTOM: multipart/related with an
xop:Include). Both are read as they come, so memory does not grow with their size.
"""

import binascii
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import Any, Protocol
from urllib.parse import unquote

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.http import parse_header_parameters
from lxml import etree
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser

from imas.kernel import xml
from imas.kernel.errors import UnprocessableError

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
XOP = "http://www.w3.org/2004/08/xop/include"
_CHUNK = 64 * 1024
_TEXT = 64 * 1024
"""Characters of a message besides its document: all known ones are far shorter."""
_MESSAGE = 256 * 1024
"""Bytes of a message whose document travels beside it."""
_PARTS = 10
_HEADER = 4 * 1024
"""Bytes of the name, and of the value, of a part's header."""
_ELEMENTS = 1_000


class Stream(Protocol):
    """What a request's body is read from."""

    def read(self, size: int = ..., /) -> bytes:
        """Return up to so many bytes, none at the end."""
        ...


@dataclass
class Message:
    """What was asked: the only child of the body, and the document that came with it."""

    request: etree._Element
    document: "UploadedFile[bytes] | None" = None

    @property
    def operation(self) -> str:
        """The name of the request's element."""
        return etree.QName(self.request).localname


def read_message(
    stream: Stream, content_type: str, carrier: str, files: ExitStack, limit: int | None = None
) -> Message:
    """Read a message; the element named `carrier` is where its document stands.

    `files` closes the document, and with that removes it, once the caller is done with it. Of a
    document one byte more than `limit` is kept (None: than the front desk takes), so that whoever
    takes it in sees that it is too large.

    `UnprocessableError`: "soap-message" when it is no SOAP 1.1 message that can be read, with
    what is wrong in `detail`, "soap-version" when it is of another version.
    """
    media_type, params = parse_header_parameters(content_type)
    if media_type == "application/soap+xml":
        raise UnprocessableError("soap-version")
    room = _Room(files, settings.INTAKE_MAX_FILE_BYTES if limit is None else limit)
    if not media_type.startswith("multipart/"):
        return _from_xml(_chunks(stream), carrier, room)
    parts = _Parts(params.get("start", ""), room)
    _feed_parts(parts, stream, params.get("boundary", ""))
    message = _from_xml(iter([bytes(parts.message)]), carrier, room)
    included = message.request.find(f".//{{{XOP}}}Include")
    if included is not None:
        message.document = parts.attachment(included.get("href", ""))
        parent = included.getparent()
        if parent is not None:
            parent.remove(included)
    return message


def refused(detail: str) -> UnprocessableError:
    """Return the refusal of a message that is not built as it must be."""
    return UnprocessableError("soap-message", detail=detail)


def _chunks(stream: Stream) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


@dataclass(frozen=True, slots=True)
class _Room:
    """Where documents go, and how many bytes of each."""

    files: ExitStack
    limit: int


class _Document:
    """A document as it comes, written to a file as far as there is room, and one byte more."""

    def __init__(self, room: _Room) -> None:
        # It has no name, so it is gone with its process, even with one that is killed.
        made = TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - `files` closes it
        self._file = room.files.enter_context(made)
        self._limit = room.limit
        self._size = 0

    def write(self, data: bytes) -> None:
        room = self._limit + 1 - self._size
        if room > 0:
            self._file.write(data[:room])
            self._size += min(len(data), room)

    def finished(self) -> "UploadedFile[bytes]":
        self._file.seek(0)
        return UploadedFile(self._file, "document.xml", "application/octet-stream", self._size)


class _Inline:
    """A document that comes as base64 text, in pieces of any length."""

    def __init__(self, room: _Room) -> None:
        self.document = _Document(room)
        self._rest = ""

    def write(self, text: str) -> None:
        text = self._rest + "".join(text.split())
        whole = len(text) - len(text) % 4
        self._decode(text[:whole])
        self._rest = text[whole:]

    def finished(self) -> "UploadedFile[bytes]":
        self._decode(self._rest)
        return self.document.finished()

    def _decode(self, text: str) -> None:
        try:
            self.document.write(binascii.a2b_base64(text, strict_mode=bool(text)))
        except ValueError as error:
            raise refused("data: not base64Binary") from error


class _Builder:
    """Builds the small tree of a message while the text of its document goes to a file."""

    def __init__(self, carrier: str, room: _Room) -> None:
        self._carrier = carrier
        self._room = room
        self._tree = etree.TreeBuilder()
        self._depth = self._text = self._elements = 0
        self._inline: _Inline | None = None
        self.inline: _Inline | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > xml.MAX_DEPTH or self._elements > _ELEMENTS:
            raise refused("too many elements")
        self._count("".join(attributes.values()))
        self._tree.start(tag, dict(attributes))
        if etree.QName(tag).localname == self._carrier:
            if self.inline is not None:
                raise refused(f"more than one {self._carrier}")
            self._inline = self.inline = _Inline(self._room)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._tree.end(tag)
        if etree.QName(tag).localname == self._carrier:
            self._inline = None

    def data(self, text: str) -> None:
        if self._inline is not None:
            self._inline.write(text)
            return
        self._count(text)
        self._tree.data(text)

    def doctype(self, *_: object) -> None:
        raise refused("DOCTYPE")

    def pi(self, *_: object) -> None:
        """Processing instructions say nothing here."""

    def comment(self, _text: str) -> None:
        """Comments say nothing here."""

    def close(self) -> etree._Element:
        return self._tree.close()

    def _count(self, text: str) -> None:
        self._text += len(text)
        if self._text > _TEXT:
            raise refused("too much text")


def _from_xml(chunks: Iterator[bytes], carrier: str, room: _Room) -> Message:
    builder = _Builder(carrier, room)
    parser = xml.target_parser(builder)
    try:
        for chunk in chunks:
            parser.feed(chunk)
        envelope = parser.close()
    except etree.XMLSyntaxError as error:
        raise refused(error.msg or "not well-formed XML") from error
    message = Message(_request_of(envelope))
    if builder.inline is not None:
        message.document = builder.inline.finished()
    return message


def _request_of(envelope: Any) -> etree._Element:
    if etree.QName(envelope).localname == "Envelope" and envelope.tag != f"{{{ENVELOPE}}}Envelope":
        raise UnprocessableError("soap-version")
    body = envelope.find(f"{{{ENVELOPE}}}Body")
    if envelope.tag != f"{{{ENVELOPE}}}Envelope" or body is None or len(body) != 1:
        raise refused("expected soap:Envelope with one element in soap:Body")
    for header in envelope.iterfind(f"{{{ENVELOPE}}}Header/*"):
        if header.get(f"{{{ENVELOPE}}}mustUnderstand") in {"1", "true"}:
            raise refused(f"mustUnderstand: {header.tag}")
    found: etree._Element = body[0]
    return found


@dataclass
class _Parts:
    """The parts of a multipart/related body: the message, and what travels beside it."""

    start: str
    room: _Room
    message: bytearray = field(default_factory=bytearray)
    documents: dict[str, _Document] = field(default_factory=dict)
    _headers: dict[str, str] = field(default_factory=dict)
    _name: bytes = b""
    _value: bytes = b""
    _count: int = 0
    _target: "_Document | None" = None

    def callbacks(self) -> dict[str, Any]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_name,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_data,
        }

    def attachment(self, href: str) -> "UploadedFile[bytes]":
        found = self.documents.get(unquote(href).removeprefix("cid:").strip())
        if found is None:
            raise refused(f"xop:Include: no part {href[:200]}")
        return found.finished()

    def _begin(self) -> None:
        self._headers, self._target = {}, None
        self._count += 1
        if self._count > _PARTS:
            raise refused("too many parts")

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._name = _longer(self._name, data[start:end])

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value = _longer(self._value, data[start:end])

    def _on_header_end(self) -> None:
        name = self._name.decode("latin-1").lower()
        self._headers[name] = self._value.decode("latin-1").strip()
        self._name = self._value = b""

    def _on_headers_finished(self) -> None:
        name = self._headers.get("content-id", "").strip("<> ")
        if self._headers.get("content-transfer-encoding", "binary").lower() not in _PLAIN:
            raise refused("Content-Transfer-Encoding")
        is_root = name == self.start.strip("<> ") if self.start else self._count == 1
        if not is_root:
            self._target = self.documents[name] = _Document(self.room)

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._target is not None:
            self._target.write(data[start:end])
            return
        self.message += data[start:end]
        if len(self.message) > _MESSAGE:
            raise refused("too much text")


_PLAIN = frozenset({"binary", "8bit", "7bit"})


def _longer(header: bytes, piece: bytes) -> bytes:
    if len(header) + len(piece) > _HEADER:
        raise refused("a header is too long")
    return header + piece


def _feed_parts(parts: _Parts, stream: Stream, boundary: str) -> None:
    if not boundary:
        raise refused("multipart/related: no boundary")
    try:
        parser = MultipartParser(boundary, parts.callbacks())  # type: ignore[arg-type]
        for chunk in _chunks(stream):
            parser.write(chunk)
        parser.finalize()
    except MultipartParseError as error:
        raise refused(f"multipart/related: {error}") from error
