"""What is left of a document when its records are taken out: the parser that says where we are."""

from lxml import etree

from imas.kernel import xml
from isaf.parsing.broken import (
    DEPTH_LIMIT,
    NO_NAMESPACE,
    NO_ROOT,
    NOT_VALID,
    RECORD_LIMIT,
    BrokenDocumentError,
    broken,
    syntax_problem,
)
from isaf.parsing.lists import LISTS, Envelope, shortest_record
from isaf.parsing.model import NAMESPACE, ROOT


class Skeleton:
    """Fed with everything outside the lists; knows the real line of each of its own lines."""

    def __init__(self) -> None:
        self.root: etree._Element | None = None
        self.header: etree._Element | None = None
        self._parser = xml.pull_parser()
        self._stack: list[etree._Element] = []
        self._lines: list[tuple[int, int]] = [(1, 1)]
        self._line = 1
        self._size = 0
        self._stand_ins: dict[str, int] = {}

    def feed(self, data: bytes, line: int) -> None:
        """Take the next bytes, which begin on this line of the document."""
        self._size += len(data)
        if self._size > RECORD_LIMIT:
            raise broken(NOT_VALID, "record-too-large", line=line, limit=str(RECORD_LIMIT // 2**20))
        if line - self._line != self._lines[-1][1] - self._lines[-1][0]:
            self._lines.append((self._line, line))
        self._line += data.count(b"\n")
        self._parse(data)

    def open_list(self) -> Envelope | None:
        """Return the place we are in when it is the inside of a list of records."""
        if len(self._stack) != 3:
            return None
        element = self._stack[-1]
        name = etree.QName(element)
        known = LISTS.get(name.localname)
        if known is None or [item.tag for item in self._stack[:2]] != [
            f"{{{NAMESPACE}}}{ROOT}",
            f"{{{NAMESPACE}}}{known.parent}",
        ]:
            return None
        if name.namespace != NAMESPACE:
            return None
        declared = tuple((prefix or "", uri) for prefix, uri in element.nsmap.items() if uri)
        return Envelope(name.localname, element.prefix or "", declared)

    def stand_in(self, envelope: Envelope) -> None:
        """Take one valid record in place of those that were taken out."""
        self._stand_ins[envelope.name] = self._stand_ins.get(envelope.name, 0) + 1
        self._line += 1
        self._parse(f"{shortest_record(envelope.records)}\n".encode())

    def close(self) -> etree._Element:
        """Return the root; BrokenDocumentError when the document is not finished."""
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            raise self._broken(error, at_end=True) from error
        if self.root is None:
            raise broken(NO_ROOT, "not-xml")
        return self.root

    def line_of(self, line: int) -> int:
        """Return the line of the document for a line of the skeleton."""
        own, real = next(pair for pair in reversed(self._lines) if pair[0] <= max(line, 1))
        return real + line - own

    def holds_records(self) -> bool:
        """Tell whether records were left in that should have been taken out."""
        return self.root is not None and any(
            sum(1 for _ in found.iterchildren(tag=etree.Element)) != self._stand_ins.get(name, 0)
            for name, known in LISTS.items()
            for found in self.root.iterfind(f"{{*}}{known.parent}/{{*}}{name}")
        )

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed(data)
            for event, element in self._parser.read_events():
                self._follow(str(event), element)
        except etree.XMLSyntaxError as error:
            raise self._broken(error, at_end=False) from error

    def _follow(self, event: str, element: etree._Element) -> None:
        if event == "start":
            self._stack.append(element)
            self._judge_start(element)
            return
        self._stack.pop()
        if len(self._stack) == 1 and element.tag == f"{{{NAMESPACE}}}Header":
            self.header = element

    def _judge_start(self, element: etree._Element) -> None:
        line = self.line_of(element.sourceline or 1)
        if len(self._stack) > DEPTH_LIMIT:
            raise broken(NOT_VALID, "too-deep", line=line, limit=str(DEPTH_LIMIT))
        if self.root is None:
            self.root = element
            _refuse_other_root(element, line)

    def _broken(self, error: etree.XMLSyntaxError, *, at_end: bool) -> BrokenDocumentError:
        open_element = etree.QName(self._stack[-1]).localname if self._stack else ""
        line = self.line_of(error.position[0] or 1)
        return BrokenDocumentError(
            syntax_problem(error, line, open_element=open_element, at_end=at_end)
        )


def _refuse_other_root(element: etree._Element, line: int) -> None:
    name = etree.QName(element)
    if name.localname != ROOT:
        raise broken(NO_ROOT, "wrong-root", line=line, found=name.localname)
    if name.namespace is None:
        raise broken(NO_NAMESPACE, "missing-namespace", line=line, expected=NAMESPACE)
    if name.namespace != NAMESPACE:
        raise broken(
            NO_NAMESPACE, "wrong-namespace", line=line, found=name.namespace, expected=NAMESPACE
        )
