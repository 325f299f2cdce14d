"""The only XML parser in the house: no DOCTYPE, no entities, no network, no repair.

Large documents are not parsed here whole; whoever streams them looks at the prolog with
`refuse_unsafe_prolog` and parses each slice with `parse`.
"""

import codecs
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

from imas.kernel.errors import RefusedDocumentError

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
MAX_DEPTH = 40
"""Deeper nesting than any document this house takes; libxml2 itself stops at 256."""

_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._\-]+)[\"']")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BARE_UTF16 = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


def parse(document: bytes) -> etree._Element:
    """Parse a small untrusted document and return its root; refuse what is unsafe or broken."""
    refuse_unsafe_prolog(document)
    try:
        root = etree.fromstring(document, _parser())
    except etree.XMLSyntaxError as error:
        raise RefusedDocumentError("xml.not-well-formed", detail=error.msg or "") from error
    if root.getroottree().docinfo.doctype:
        raise RefusedDocumentError("xml.doctype")
    _refuse_depth(root)
    return root


def refuse_unsafe_prolog(head: bytes) -> None:
    """Refuse a document type or entity declaration in the given bytes."""
    if _DOCTYPE.search(head):
        raise RefusedDocumentError("xml.doctype")


def sniff_encoding(head: bytes) -> str:
    """Return the Python codec of a document by its byte order mark, declaration or default.

    An encoding Python does not know is refused with `xml.unknown-encoding`.
    """
    for mark, name in (*_BOMS, *_BARE_UTF16):
        if head.startswith(mark):
            return name
    declared = _DECLARED.search(head[:1024])
    if declared is None:
        return "utf-8"
    name = declared[1].decode("ascii")
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise RefusedDocumentError("xml.unknown-encoding", encoding=name) from error


def parse_part(part: bytes) -> etree._Element:
    """Parse a slice of a streamed document, put into elements of ours, and return its root.

    Raises lxml's XMLSyntaxError as it is: whoever streams knows which line of the document it
    means.
    """
    return etree.fromstring(part, _parser())


def pull_parser(tags: Sequence[str] | None = None) -> etree.XMLPullParser:
    """Return a parser to be fed with slices of a large document; it tells of starts and ends.

    It accepts no entities but the five of XML itself. Whoever feeds it keeps the depth limit. Given
    tags ("{namespace}name") it tells of these elements alone.
    """
    # "internal", not False: fed piecewise, libxml2 then names an unknown entity with its line.
    return etree.XMLPullParser(
        events=("start", "end"),
        tag=tags,
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
    )


def target_parser(target: Any) -> Any:
    """Return a parser to be fed with a message of any length; `target` is told what is in it.

    Text comes in pieces as it is fed, so that memory does not grow with it. The target must refuse
    a `doctype` and keep the depth limit.
    """
    return etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        recover=False,
    )


_one_at_a_time = Lock()
"""libxml2 prepares its built-in types with the first schema, and not for two threads at once."""


@cache
def schema(name: str) -> etree.XMLSchema:
    """Load the compiled schema at this path below schemas/, for instance isaf/1.2/isaf.xsd."""
    with _one_at_a_time:
        return etree.XMLSchema(etree.fromstring((SCHEMAS / name).read_bytes(), _parser()))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )


def _refuse_depth(root: etree._Element) -> None:
    level: list[etree._Element] = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise RefusedDocumentError("xml.too-deep", limit=str(MAX_DEPTH))
