"""What stops the reading of a document: said as a Problem, carried up by one exception."""

import re
from dataclasses import dataclass

from lxml import etree

from imas.kernel.problems import Place, Problem

NOT_VALID = "11004"
NO_NAMESPACE = "11005"
REQUIRED_IS_EMPTY = "11006"
EMPTY_FILE = "11007"
BAD_ENCODING = "11008"
NO_ROOT = "11010"

DEPTH_LIMIT = 40
RECORD_LIMIT = 8 * 2**20
"""Bytes of one record, or of all that stands between records; real records are below 1 MB."""

_MISMATCH = re.compile(r"Opening and ending tag mismatch: (\S+) line \d+ and (\S+)")
_ENTITY = re.compile(r"Entity '([^']*)' not defined")
_UNFINISHED = re.compile(r"Premature end of data in tag (\S+)")
_PLACE = re.compile(r", line \d+, column \d+$")

_BREAKS_OFF = frozenset({5, 39, 40, 45, 47, 63, 65, 68, 73, 74, 75})
"""libxml2's codes for something begun and not finished (xmlerror.h), when met at the end."""
_NAMELESS_TAG = 68
"""What libxml2 calls a `<` that no name follows."""
_REASONS: dict[int, tuple[str, str, dict[str, str]]] = {
    4: (NO_ROOT, "not-xml", {}),
    6: (BAD_ENCODING, "bad-character", {"encoding": "UTF-8"}),
    9: (NOT_VALID, "control-character", {}),
    23: (NOT_VALID, "unescaped-character", {}),
    38: (NOT_VALID, "unescaped-character", {}),
    64: (NOT_VALID, "text-before-declaration", {}),
    68: (NOT_VALID, "unescaped-character", {}),
    81: (BAD_ENCODING, "bad-character", {"encoding": "UTF-8"}),
    114: (NOT_VALID, "too-deep", {"limit": str(DEPTH_LIMIT)}),
    201: (NOT_VALID, "undeclared-prefix", {}),
}
"""Official code, reason and parameters by libxml2's code."""


@dataclass
class BrokenDocumentError(Exception):
    """The document cannot be read past this point; `problem` says why and where."""

    problem: Problem


def broken(
    code: str, reason: str = "", *, line: int | None = None, **params: str
) -> BrokenDocumentError:
    """Make the exception for a fault of the document as a whole."""
    return BrokenDocumentError(Problem(code, place=Place(line=line), reason=reason, params=params))


def syntax_problem(
    error: etree.XMLSyntaxError, line: int | None, *, open_element: str = "", at_end: bool = False
) -> Problem:
    """Say a well-formedness fault of libxml2 in our words.

    `line` is the line in the whole document, `open_element` the element that was open, and
    `at_end` tells that there is no more to read, so that something unfinished is a torn file.
    """
    code, reason, params = _said(error, open_element, at_end=at_end)
    column = error.position[1] or None
    return Problem(code, place=Place(line=line, column=column), reason=reason, params=params)


def _said(
    error: etree.XMLSyntaxError, open_element: str, *, at_end: bool
) -> tuple[str, str, dict[str, str]]:
    message = _PLACE.sub("", error.msg or "")
    if torn := _torn(message, error.code, open_element, at_end=at_end):
        return NOT_VALID, "truncated", {"element": torn}
    if at_end and not open_element and error.code == _NAMELESS_TAG:
        return NO_ROOT, "not-xml", {}
    if found := _MISMATCH.search(message):
        return NOT_VALID, "mismatched-tag", {"expected": found[1], "element": found[2]}
    if found := _ENTITY.search(message):
        return NOT_VALID, "unknown-entity", {"entity": found[1]}
    return _REASONS.get(error.code or 0) or (NOT_VALID, "not-well-formed", {"detail": message})


def _torn(message: str, code: int | None, open_element: str, *, at_end: bool) -> str:
    """Return the element that the document breaks off in, if it does."""
    if found := _UNFINISHED.search(message):
        return open_element or found[1]
    return open_element if at_end and code in _BREAKS_OFF else ""
