"""What a document is, told by its first bytes and never by its name."""

from intake.types import Container

HEAD = 1024
"""How many first bytes are looked at."""

_GZIP = b"\x1f\x8b\x08"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MARKS = (
    (b"\xef\xbb\xbf", b"<"),
    (b"\xff\xfe\x00\x00", b"<\x00\x00\x00"),
    (b"\x00\x00\xfe\xff", b"\x00\x00\x00<"),
    (b"\xff\xfe", b"<\x00"),
    (b"\xfe\xff", b"\x00<"),
    (b"", b"<"),
    (b"", b"\x00<"),
    (b"", b"\x00\x00\x00<"),
)
_BLANKS = b" \t\r\n"


def container_of(head: bytes) -> Container:
    """Return what a document beginning with `head` is; XML is known in UTF-8, -16 and -32 too."""
    if head.startswith(_GZIP):
        return Container.GZIP
    if head.startswith(_ZIP):
        return Container.ZIP
    return Container.XML if _begins_with_a_tag(head) else Container.UNKNOWN


def _begins_with_a_tag(head: bytes) -> bool:
    for mark, tag in _MARKS:
        if head.startswith(mark):
            text = head[len(mark) :]
            width = len(tag)
            while len(text) >= width and _is_blank(text[:width]):
                text = text[width:]
            if text.startswith(tag):
                return True
    return False


def _is_blank(character: bytes) -> bool:
    return len(character.replace(b"\x00", b"")) == 1 and character.strip(b"\x00") in _BLANKS
