"""Small files of people nobody knows: in memory, and never more of them than may be sent."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from accounts import scans


class ScanHandler(FileUploadHandler):
    """Takes one small file; what is over is thrown away but for a byte, so that it is refused.

    Of several files in one request no more is kept than of one.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.room = scans.LARGEST + 1

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.kept = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes | None:
        """Keep a chunk as far as there is room."""
        self.room -= self.kept.write(raw_data[: self.room])
        return None

    def file_complete(self, _file_size: int) -> "UploadedFile[Any]":
        """Give the file as far as it was kept."""
        size = self.kept.tell()
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name, self.content_type, size, self.charset
        )
