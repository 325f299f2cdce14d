"""For whom a file is, read off its first bytes before anything else is known of it."""

import re
import zlib

from imas.kernel.errors import RefusedDocumentError
from imas.kernel.xml import sniff_encoding

HEAD = 64 * 1024
"""Bytes in which the header of any file that programs write ends."""

_GZIP = b"\x1f\x8b"
_HEADER_ENDS = re.compile(r"</\s*(?:[\w.\-]+:)?FileDescription\s*>")
_NUMBER = re.compile(r"<(?:[\w.\-]+:)?RegistrationNumber[^>]*>\s*(\d{9,11})\s*</")


def registration_number_of(head: bytes) -> str:
    """Return the RegistrationNumber of the header; "" where the first bytes do not show one.

    It decides only where a file is judged: the judge reads the header anew (12001, 12002).
    """
    text = _text_of(_unpacked(head) if head.startswith(_GZIP) else head)
    found = _NUMBER.search(_HEADER_ENDS.split(text, maxsplit=1)[0])
    return found[1] if found else ""


def _unpacked(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(head, HEAD)
    except zlib.error:
        return b""


def _text_of(head: bytes) -> str:
    try:
        return head.decode(sniff_encoding(head), errors="replace")
    except RefusedDocumentError:
        return ""
