"""Files on their way in over HTTP: to temporary files, neither whole in memory nor endless."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, ClassVar

from django.conf import settings
from django.core.files.uploadedfile import (
    SimpleUploadedFile,
    TemporaryUploadedFile,
    UploadedFile,
)
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser
from rest_framework.request import Request

_CHUNK = 64 * 1024


class LimitedFileHandler(TemporaryFileUploadHandler):
    """Stops writing a file of a form soon after the limit; what is over is read and thrown away.

    One byte too many is kept, so that whoever takes the file in sees that it is too large.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        _take_name_away(self.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a chunk that begins at `start`, as far as there is room."""
        room = settings.INTAKE_MAX_FILE_BYTES + 1 - start
        if room > 0:
            super().receive_data_chunk(raw_data[:room], start)
        return None


class XmlParser(BaseParser):
    """A document as the body itself; gives `request.data["document"]`, as a form does."""

    media_type = "application/xml"
    suffix: ClassVar[str] = ".xml"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> "DataAndFiles[Any, Any]":
        """Copy the body to a temporary file, at most one byte more than is taken."""
        request = (parser_context or {})["request"]
        file = TemporaryUploadedFile(_name_of(request, type(self)), media_type or "", 0, None)
        _take_name_away(file)
        file.size = _copy(stream, file)
        file.seek(0)
        files = MultiValueDict({"document": [file]})
        # Django closes, and so removes, the files of its own request when it has been answered.
        request._request._files = files  # noqa: SLF001
        return DataAndFiles(QueryDict(), files)


class TextXmlParser(XmlParser):
    """The older name of XML."""

    media_type = "text/xml"


class GzipParser(XmlParser):
    """A document packed with gzip."""

    media_type = "application/gzip"
    suffix = ".xml.gz"


class ZipParser(XmlParser):
    """A document packed with zip."""

    media_type = "application/zip"
    suffix = ".zip"


DOCUMENT_PARSERS: "tuple[type[BaseParser], ...]" = (
    MultiPartParser,
    XmlParser,
    TextXmlParser,
    GzipParser,
    ZipParser,
)
"""The `parser_classes` of an address that takes documents."""


def document_of(request: Request) -> "UploadedFile[Any]":
    """Return the document a request brought, however it was sent; without one, ValidationError.

    A raw body without a byte is an empty document, to be refused as such.
    """
    file = request.data.get("document") if isinstance(request.data, Mapping) else None
    if file is None:
        file = _empty_body(request)
    if not isinstance(file, UploadedFile):
        raise ValidationError({"document": [_("Send a file.")]})
    return file


def _empty_body(request: Request) -> "UploadedFile[Any] | None":
    """Return a document of no bytes, which the framework does not give to a parser."""
    media_type, _params = parse_header_parameters(request.content_type or "")
    for parser in DOCUMENT_PARSERS:
        if not issubclass(parser, XmlParser) or parser.media_type != media_type:
            continue
        if request.META.get("CONTENT_LENGTH") == "0":
            return SimpleUploadedFile(_name_of(request, parser), b"", media_type)
    return None


def _name_of(request: Request, parser: "type[XmlParser]") -> str:
    disposition = request.headers.get("Content-Disposition", "")
    name = parse_header_parameters(disposition)[1].get("filename", "")
    return name or f"document{parser.suffix}"


def _take_name_away(file: TemporaryUploadedFile) -> None:
    """An open file without a name is gone with its process, even with one that is killed."""
    Path(file.temporary_file_path()).unlink()


def _copy(stream: IO[bytes], file: TemporaryUploadedFile) -> int:
    left: int = settings.INTAKE_MAX_FILE_BYTES + 1
    size = 0
    while left and (chunk := stream.read(min(_CHUNK, left))):
        file.write(chunk)
        size += len(chunk)
        left -= len(chunk)
    return size
