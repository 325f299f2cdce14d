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
_REASONS = {
    9: "control-character",
    23: "unescaped-character",
    38: "unescaped-character",
    68: "unescaped-character",
    64: "text-before-declaration",
    114: "too-deep",
    201: "undeclared-prefix",
}


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
    if found := _MISMATCH.search(message):
        return NOT_VALID, "mismatched-tag", {"expected": found[1], "element": found[2]}
    if found := _UNFINISHED.search(message):
        return NOT_VALID, "truncated", {"element": open_element or found[1]}
    if at_end and open_element and error.code in _BREAKS_OFF:
        return NOT_VALID, "truncated", {"element": open_element}
    if found := _ENTITY.search(message):
        return NOT_VALID, "unknown-entity", {"entity": found[1]}
    if error.code in {6, 81}:
        return BAD_ENCODING, "bad-character", {"encoding": "UTF-8"}
    if error.code == 4:
        return NO_ROOT, "not-xml", {}
    if reason := _REASONS.get(error.code or 0):
        return NOT_VALID, reason, {"limit": str(DEPTH_LIMIT)} if reason == "too-deep" else {}
    return NOT_VALID, "not-well-formed", {"detail": message}
