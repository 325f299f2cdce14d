"""Sends one large body through the parsers and the door; prints how much memory that took, in MB.

Run as a process of its own: `python -m tests.intake.upload_memory KIND MEGABYTES ACTING_JSON`.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator

import django

django.setup()

from django.core.handlers.wsgi import WSGIRequest  # noqa: E402 - the apps are ready only here
from rest_framework.request import Request  # noqa: E402

from intake import kinds, services  # noqa: E402
from intake.idempotency import fingerprint  # noqa: E402
from intake.types import Source  # noqa: E402
from intake.uploads import DOCUMENT_PARSERS, document_of  # noqa: E402
from representation.types import Acting  # noqa: E402
from tests.intake.make import TOY, toy_kind  # noqa: E402

_EDGE = "edge"
_HEAD = (
    f"--{_EDGE}\r\nContent-Disposition: form-data; "
    'name="document"; filename="a.xml"\r\nContent-Type: application/xml\r\n\r\n'
).encode()
_TAIL = f"\r\n--{_EDGE}--\r\n".encode()


class Body(io.RawIOBase):
    """A body that is made while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.rest = b""

    def read(self, size: int = 65536, /) -> bytes:
        while len(self.rest) < size and (piece := next(self.pieces, b"")):
            self.rest += piece
        given, self.rest = self.rest[:size], self.rest[size:]
        return given


def _pieces(megabytes: int, *, is_form: bool) -> Iterator[bytes]:
    if is_form:
        yield _HEAD
    for _ in range(megabytes):
        yield b"<row/>     " * 95_325 + b" "
    if is_form:
        yield _TAIL


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(kind: str, megabytes: int, acting: Acting) -> None:
    kinds.register(toy_kind())
    is_form = kind == "multipart"
    length = sum(len(piece) for piece in _pieces(megabytes, is_form=is_form))
    content_type = f"multipart/form-data; boundary={_EDGE}" if is_form else "application/xml"
    wsgi = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(length),
            "wsgi.input": Body(_pieces(megabytes, is_form=is_form)),
        }
    )
    before = _peak()
    request = Request(wsgi, parsers=[parser() for parser in DOCUMENT_PARSERS])
    fingerprint(request)
    file = document_of(request)
    document = services.receive(
        acting, TOY, file, filename=file.name or "", content_type="", source=Source.SERVICE_FILE
    )
    wsgi.close()
    print(json.dumps({"grown": _peak() - before, "size": document.size}))  # noqa: T201


if __name__ == "__main__":
    main(
        sys.argv[1],
        int(sys.argv[2]),
        Acting(**{**json.loads(sys.argv[3]), "rights": {"isaf.upload"}}),
    )
