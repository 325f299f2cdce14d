"""Records → a valid i.VAZ file, piece by piece, so that any number can be written."""

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from ivaz.parsing.content import XSI, element_of
from ivaz.parsing.tree import HOLDERS, NAMESPACE, ROOT, header_node, node_of
from ivaz.types import Content, Section

VERSION = "iVAZ1.3.3"
_DECLARED = f' xmlns="{NAMESPACE}" xmlns:xsi="{XSI}"'


def write(header: Content, records: Mapping[Section, Iterable[Content]]) -> Iterator[bytes]:
    """Yield a file of these records; sections without any are left out.

    `header` holds what FileDescription does, but for the version.
    """
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<{ROOT}{_DECLARED}>\n".encode()
    yield _text(element_of({"FileVersion": VERSION, **header}, header_node()))
    for section, holder in HOLDERS.items():
        is_open = False
        for content in records.get(section, ()):
            if not is_open:
                yield f"<{holder}>\n".encode()
                is_open = True
            yield _text(element_of(content, node_of(section)))
        if is_open:
            yield f"</{holder}>\n".encode()
    yield f"</{ROOT}>\n".encode()


def _text(element: etree._Element) -> bytes:
    """Return a record as text; what the root declares is not declared again."""
    return etree.tostring(element, encoding="utf-8").replace(_DECLARED.encode(), b"", 1) + b"\n"
