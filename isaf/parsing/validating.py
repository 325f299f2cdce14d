"""Parts of a document judged by the schema itself, with the lines they have in the document."""

from functools import lru_cache
from html import escape

from lxml import etree

from imas.kernel import xml
from imas.kernel.problems import Problem
from isaf.parsing.broken import syntax_problem
from isaf.parsing.explaining import Frame, explained
from isaf.parsing.extracting import EXTRACTORS, Record
from isaf.parsing.lists import HEADER, Envelope
from isaf.parsing.model import ROOT, XSD

_HINT = b"chemaLocation"


class UnparsableError(Exception):
    """The part is not well formed by itself; `problem` says how."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.reason)


def judged_records(
    envelope: Envelope, data: bytes, line: int, position: int
) -> tuple[list[Record], list[Problem]]:
    """Judge whole records that begin on this line and `position` records into their list.

    Returns the records when all are valid, else the problems. UnparsableError when the part is
    not well formed.
    """
    head, tail = _around(envelope)
    try:
        part = xml.parse_part(b"".join((head, data, tail)))
    except etree.XMLSyntaxError as error:
        place = line + max(error.position[0], 1) - 1
        raise UnparsableError(syntax_problem(error, place)) from error
    frame = Frame(lambda own: own + line - 1, position)
    if _HINT in data:
        drop_hints(part)
    if problems := schema_problems(part, frame):
        return [], problems
    extract = EXTRACTORS[envelope.name]
    found = part[1][0].iterchildren(tag=etree.Element)
    return [
        extract(element, position + index, frame.line_of(element.sourceline or 1))
        for index, element in enumerate(found)
    ], []


def schema_problems(part: etree._Element, frame: Frame) -> list[Problem]:
    """Return the schema's problems with a document or a part of one in its envelope."""
    schema = xml.schema(XSD)
    if schema.validate(part):
        return []
    return explained(part, schema.error_log, frame)


@lru_cache(maxsize=64)
def _around(envelope: Envelope) -> tuple[bytes, bytes]:
    declared = " ".join(
        f'xmlns{":" if prefix else ""}{prefix}="{escape(uri)}"'
        for prefix, uri in envelope.namespaces
    )
    names = [envelope.qualified(name) for name in (ROOT, envelope.records.parent, envelope.name)]
    head = f"<{names[0]} {declared}>{HEADER}<{names[1]}><{names[2]}>"
    tail = "".join(f"</{name}>" for name in reversed(names))
    return head.encode(), tail.encode()


def drop_hints(part: etree._Element) -> None:
    """Take out hints where schemas may be found: libxml2 would follow them."""
    for element in part.iter(tag=etree.Element):
        for name in [name for name in element.attrib if str(name).endswith(_HINT.decode())]:
            del element.attrib[name]
