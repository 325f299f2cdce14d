"""A file read in one pass: its header, then each record by itself; memory is that of one record."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from lxml import etree

from imas.kernel import xml
from imas.kernel.problems import Place, Problem
from ivaz.parsing.content import content_of
from ivaz.parsing.faults import schema_problems
from ivaz.parsing.tree import HEADER, HOLDERS, MOST, NAMESPACE, ROOT, header_node, node_of
from ivaz.types import Content, Record, Section

BROKEN = "ivaz.broken"
STRUCTURE = "ivaz.structure"

_CHUNK = 64 * 1024
_SECTIONS = {holder: section for section, holder in HOLDERS.items()}
_ORDER = [HEADER, *HOLDERS.values()]
_ROOT = f"{{{NAMESPACE}}}{ROOT}"
_TAGS = [_ROOT, *(f"{{{NAMESPACE}}}{name}" for name in (*_ORDER, *HOLDERS))]
_LARGEST = 16 * 2**20
"""Bytes a record may take: a thousand lines with every text at its longest are under two."""


@dataclass(frozen=True, slots=True)
class Header:
    """Who made the file, for whom, and with what."""

    content: Content

    @property
    def creator(self) -> str:
        """The code of the preparer who submits."""
        return str(self.content.get("CreatorRegistrationNumber", ""))


Found = Header | Record | Problem


def read(stream: IO[bytes]) -> Iterator[Found]:
    """Yield what a file holds, in its order: the header first, then records; problems of the file.

    A problem of one record stands in the record. After a problem of the whole file (codes BROKEN
    and STRUCTURE) what follows may be missing: reading ends at what cannot be understood.
    """
    parser, reader = xml.pull_parser(_TAGS), _Reader()
    try:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
            yield from reader.take(parser, len(chunk))
        parser.close()
        yield from reader.take(parser, 0)
        yield from reader.end()
    except etree.XMLSyntaxError as error:
        yield Problem(
            BROKEN,
            place=Place(line=error.position[0] or None),
            params={"detail": error.msg or ""},
            reason="not-well-formed",
        )
    except _NotUnderstoodError as error:
        yield error.problem


class _NotUnderstoodError(Exception):
    """Reading ends here."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.reason)


class _Reader:
    """Keeps what was seen of the file's own structure."""

    def __init__(self) -> None:
        self._root: etree._Element | None = None
        self._seen: list[str] = []
        self._position = 0
        self._unread = 0

    def take(self, parser: etree.XMLPullParser, fed: int) -> Iterator[Found]:
        """Yield what has become complete with so many bytes more."""
        self._unread += fed
        for event, element in parser.read_events():
            self._unread = fed
            if event == "start":
                yield from self._begun(element)
            elif element.getparent() is self._root:
                yield from self._section_ended(element)
            elif self._is_record(element):
                yield from self._record(element)
        if self._unread > _LARGEST:
            raise _NotUnderstoodError(
                Problem(BROKEN, params={"limit": str(_LARGEST >> 20)}, reason="record-too-large")
            )
        self._look_for_aliens()

    def end(self) -> Iterator[Problem]:
        """Yield what is missing when all is read."""
        if self._root is None:
            yield Problem(STRUCTURE, params={"expected": _ROOT}, reason="wrong-root")
        elif HEADER not in self._seen:
            yield Problem(STRUCTURE, params={"element": HEADER}, reason="no-header")

    def _look_for_aliens(self) -> None:
        """End the reading at an element of the file that belongs to no section."""
        for element in () if self._root is None else self._root.iterchildren(tag=etree.Element):
            if _tag_of(element) not in _ORDER:
                told = {"element": _name(element), "expected": ", ".join(_ORDER)}
                raise _NotUnderstoodError(_problem(element, "unknown-section", told))

    def _begun(self, element: etree._Element) -> Iterator[Problem]:
        parent = element.getparent()
        if parent is None:
            if element.getroottree().docinfo.doctype:
                raise _NotUnderstoodError(Problem(BROKEN, reason="doctype"))
            self._root = element
        elif parent is self._root:
            name, self._position = _name(element), 0
            after = [seen for seen in self._seen if _ORDER.index(seen) >= _ORDER.index(name)]
            self._seen.append(name)
            if after:
                told = {"element": name, "expected": after[0]}
                yield _problem(element, "section-order", told)

    def _is_record(self, element: etree._Element) -> bool:
        holder = element.getparent()
        return holder is not None and holder.getparent() is self._root

    def _section_ended(self, element: etree._Element) -> Iterator[Found]:
        if _name(element) == HEADER:
            yield from schema_problems(element, element.sourceline or 0, "")
            yield Header(content_of(element, header_node()))
        elif (alien := next(element.iterchildren(tag=etree.Element), None)) is not None:
            told = {"element": _name(alien), "expected": _SECTIONS[_name(element)]}
            yield _problem(alien, "unknown-record", told)
        _forget(element)

    def _record(self, element: etree._Element) -> Iterator[Found]:
        holder = element.getparent()
        section = None if holder is None else _SECTIONS.get(_tag_of(holder))
        if holder is None or section is None or _name(element) != section:
            return
        if self._position < MOST[section]:
            yield record_of(section, self._position, element)
        elif self._position == MOST[section]:
            told = {"element": str(section), "limit": str(MOST[section])}
            yield _problem(element, "too-many-records", told)
        self._position += 1
        element.clear()
        holder.remove(element)


def _problem(element: etree._Element, reason: str, params: dict[str, str]) -> Problem:
    return Problem(STRUCTURE, place=Place(line=element.sourceline), params=params, reason=reason)


def record_of(section: Section, position: int, element: etree._Element) -> Record:
    """Return a record with what the schema says of it."""
    line = element.sourceline or 0
    content = content_of(element, node_of(section))
    record = Record(section, position, line, content)
    problems = tuple(schema_problems(element, line, record.number or record.uid or record.rn))
    return Record(section, position, line, content, problems)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _tag_of(element: etree._Element) -> str:
    """Return the name of an element of the namespace; empty for one of another."""
    name = etree.QName(element)
    return name.localname if name.namespace == NAMESPACE else ""


def _forget(element: etree._Element) -> None:
    """Let go of what an element holds."""
    for child in list(element):
        element.remove(child)
