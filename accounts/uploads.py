"""Small files of people nobody knows: in memory, and never more of them than may be sent."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from accounts import scans


class ScanHandler(FileUploadHandler):
    """Takes a small file; what is over is thrown away but for one byte, so that it is refused."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.kept = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep a chunk that begins at `start`, as far as there is room."""
        self.kept.write(raw_data[: max(0, scans.LARGEST + 1 - start)])
        return None

    def file_complete(self, _file_size: int) -> "UploadedFile[Any]":
        """Give the file as far as it was kept."""
        size = self.kept.tell()
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name, self.content_type, size, self.charset
        )
