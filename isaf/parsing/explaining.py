"""The schema's verdict → one Problem per faulty element, with its place in the document.

libxml2 says where; what and why is worked out again from the element and the schema's tree, so
that its wording is used for nothing but the names of the elements it expected.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from imas.kernel.problems import Place, Problem
from isaf.parsing.broken import NOT_VALID, REQUIRED_IS_EMPTY
from isaf.parsing.extracting import text_of
from isaf.parsing.lists import LISTS
from isaf.parsing.model import NAMESPACE, XSI, Node
from isaf.parsing.structure_faults import bare, content_fault, elements_in, name_of, node_of
from isaf.parsing.value_faults import Fault, value_fault
from isaf.types import RegisterType

REGISTERS = {
    "PurchaseInvoices": RegisterType.PURCHASE,
    "SalesInvoices": RegisterType.SALES,
    "SettlementsAndPayments": RegisterType.SETTLEMENT,
}

_STEP = re.compile(r"([^\[\]/]+)(?:\[(\d+)\])?")
_VALUE_SHOWN = 100
_NUMBER_SHOWN = 70
_CONTENT = "SCHEMAV_ELEMENT_CONTENT"
_NIL = f"{{{XSI}}}nil"
_NUMBERS_OF_RECORDS = ("InvoiceNo", "SettlementRefNo")


class LogEntry(Protocol):
    """One line of libxml2's error log."""

    @property
    def line(self) -> int:
        """The line in the judged part."""

    @property
    def message(self) -> str:
        """What is wrong, in English."""

    @property
    def type_name(self) -> str:
        """The name of the fault."""

    @property
    def path(self) -> str | None:
        """The way to the element."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How places in a judged part become places in the document.

    `position` is the number of records of the list before the part.
    """

    line_of: Callable[[int], int]
    position: int = 0


def explained(part: etree._Element, log: Iterable[LogEntry], frame: Frame) -> list[Problem]:
    """Return one Problem per faulty element of a part that the schema refused."""
    seen: set[str] = set()
    family = _Family()
    problems = []
    for entry in log:
        path = entry.path or "/*"
        if path not in seen:
            seen.add(path)
            element = family.at(part, path)
            fault = _fault(element, entry.type_name, entry.message)
            problems.append(_problem(element, fault, family.place(element, entry.line, frame)))
    return problems


class _Family:
    """Who stands where among whose children; remembers, for a list may be faulty throughout."""

    def __init__(self) -> None:
        self._children: dict[etree._Element, list[etree._Element]] = {}

    def at(self, part: etree._Element, path: str) -> etree._Element:
        """Return the element at libxml2's path, which counts children of one written name."""
        element = part
        for step in path.strip("/").split("/")[1:]:
            found = _STEP.fullmatch(step)
            if found is None or step.startswith("@"):
                break
            children = self._of(element)
            if found[1] != "*":
                children = [child for child in children if _written(child) == found[1]]
            index = int(found[2] or 1) - 1
            if index >= len(children):
                break
            element = children[index]
        return element

    def place(self, element: etree._Element, line: int, frame: Frame) -> Place:
        """Return the element's place in the document."""
        way = [*reversed(list(element.iterancestors())), element]
        names = [name_of(item) for item in way[1:3]]
        record = way[3] if len(way) > 3 and names[1] in LISTS else None
        return Place(
            line=frame.line_of(line),
            path="/".join(self._step(item, record, frame.position) for item in way[1:]),
            register=REGISTERS.get(names[1], "") if len(names) > 1 else "",
            invoice_no="" if record is None else _number_of(record),
        )

    def _step(self, item: etree._Element, record: etree._Element | None, position: int) -> str:
        """Return one step of a path: numbered from 1 when it is a record or one of several."""
        parent = item.getparent()
        siblings = [item] if parent is None else self._of(parent)
        if item is record:
            return f"{name_of(item)}[{position + siblings.index(item) + 1}]"
        same = [sibling for sibling in siblings if sibling.tag == item.tag]
        return name_of(item) if len(same) == 1 else f"{name_of(item)}[{same.index(item) + 1}]"

    def _of(self, element: etree._Element) -> list[etree._Element]:
        found = self._children.get(element)
        if found is None:
            found = self._children[element] = list(elements_in(element))
        return found


def _fault(element: etree._Element, kind: str, message: str) -> Fault:
    name, node = name_of(element), node_of(element)
    if fault := _attribute_fault(element, name, node):
        return fault
    if kind == _CONTENT:
        return content_fault(element, name, node, message)
    if node is None:
        return Fault(NOT_VALID, "other", {"element": name, "detail": bare(message)})
    if node.simple is None:
        return Fault(NOT_VALID, "stray-text", {"element": name})
    if (inside := next(elements_in(element), None)) is not None:
        return Fault(NOT_VALID, "element-in-value", {"element": name, "found": name_of(inside)})
    return value_fault(node, node.simple, text_of(element), bare(message))


def _attribute_fault(element: etree._Element, name: str, node: Node | None) -> Fault | None:
    for attribute in map(str, element.attrib):
        if not attribute.startswith(f"{{{XSI}}}"):
            written = etree.QName(attribute).localname
            return Fault(NOT_VALID, "unexpected-attribute", {"element": name, "attribute": written})
    if node is None or _NIL not in element.attrib:
        return None
    return _nil_fault(element, str(element.get(_NIL)).strip(), node)


def _nil_fault(element: etree._Element, mark: str, node: Node) -> Fault | None:
    params = {"element": node.name}
    if mark not in {"true", "1", "false", "0"}:
        return Fault(NOT_VALID, "bad-nil", params)
    if mark in {"false", "0"}:
        return None
    if not node.nillable:
        return Fault(REQUIRED_IS_EMPTY, "nil-not-allowed", params)
    if len(element) or element.text:
        return Fault(NOT_VALID, "nil-with-content", params)
    return None


def _problem(element: etree._Element, fault: Fault, place: Place) -> Problem:
    return Problem(
        fault.code,
        place=place,
        value="" if len(element) else text_of(element)[:_VALUE_SHOWN],
        params=fault.params,
        reason=fault.reason,
    )


def _number_of(record: etree._Element) -> str:
    for name in _NUMBERS_OF_RECORDS:
        found = record.find(f"{{{NAMESPACE}}}{name}")
        if found is not None:
            return text_of(found)[:_NUMBER_SHOWN]
    return ""


def _written(element: etree._Element) -> str:
    return f"{element.prefix}:{name_of(element)}" if element.prefix else name_of(element)
