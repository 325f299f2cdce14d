"""The schema's verdict → one Problem per fault, naming the element and the mend.

libxml2 says where; what and why is worked out again from the element and the schema's tree, so
that its wording is used for nothing but the names of the elements it expected.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from imas.kernel.problems import Place, Problem
from isaf.parsing.broken import NOT_VALID, REQUIRED_IS_EMPTY
from isaf.parsing.extracting import text_of
from isaf.parsing.lists import LISTS
from isaf.parsing.model import NAMESPACE, XSI, Node, root
from isaf.parsing.value_faults import Fault, value_fault
from isaf.types import RegisterType

_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*?) \)")
_NAME = re.compile(r"(?:\{[^}]*\})?([^\s,{}]+)")
_STEP = re.compile(r"([^\[\]/]+)(?:\[(\d+)\])?")
_VALUE_SHOWN = 100
_ATTRIBUTE_FAULTS = frozenset({"SCHEMAV_CVC_COMPLEX_TYPE_3_1", "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1"})
_PURCHASE_ONLY = "RegistrationAccountDate"
_SALE_ONLY = "VATPointDate2"
REGISTERS = {
    "PurchaseInvoices": RegisterType.PURCHASE,
    "SalesInvoices": RegisterType.SALES,
    "SettlementsAndPayments": RegisterType.SETTLEMENT,
}
_NUMBER_OF_RECORD = ("InvoiceNo", "SettlementRefNo", "CustomerID", "SupplierID")


@dataclass(frozen=True, slots=True)
class Frame:
    """How places in a judged part become places in the document."""

    line_of: Callable[[int], int]
    position: int = 0
    """The number of records of the list before the part."""


def explained(part: etree._Element, log: "etree._ListErrorLog", frame: Frame) -> list[Problem]:
    """Return one Problem per faulty element of a part that the schema refused."""
    seen: set[str] = set()
    problems = []
    for entry in log:
        path = entry.path or "/*"
        if path in seen:
            continue
        seen.add(path)
        element = _resolve(part, path)
        fault = _fault(element, entry.type_name, entry.message)
        problems.append(_problem(element, fault, entry.line, frame))
    return problems


def _problem(element: etree._Element, fault: Fault, line: int, frame: Frame) -> Problem:
    names, record = _way(element, frame.position)
    value = "" if len(element) else text_of(element)[:_VALUE_SHOWN]
    register = next((REGISTERS[name] for name in names if name in REGISTERS), "")
    return Problem(
        fault.code,
        place=Place(
            line=frame.line_of(line),
            path="/".join(names),
            register=register,
            invoice_no=_number_of(record),
        ),
        value=value,
        params=fault.params,
        reason=fault.reason,
    )


def _resolve(part: etree._Element, path: str) -> etree._Element:
    """Return the element at libxml2's path, which counts children of the same written name."""
    element = part
    for step in path.strip("/").split("/")[1:]:
        found = _STEP.fullmatch(step)
        if found is None or step.startswith("@"):
            break
        children = [child for child in element.iterchildren(tag=etree.Element)]
        if found[1] != "*":
            children = [child for child in children if _written(child) == found[1]]
        index = int(found[2] or 1) - 1
        if index >= len(children):
            break
        element = children[index]
    return element


def _written(element: etree._Element) -> str:
    name = etree.QName(element).localname
    return f"{element.prefix}:{name}" if element.prefix else name


def _way(element: etree._Element, position: int) -> tuple[list[str], etree._Element | None]:
    """Return the steps from below the root to the element, and the record it belongs to."""
    line = [*reversed(list(element.iterancestors())), element]
    steps: list[str] = []
    record = None
    for depth, item in enumerate(line[1:], start=1):
        name = etree.QName(item).localname
        if depth == 3 and _name_of(line[2]) in LISTS:
            record = item
            steps.append(f"{name}[{_index(item) + position}]")
        else:
            index = _index(item) if _is_repeated(item) else 0
            steps.append(f"{name}[{index}]" if index else name)
    return steps, record


def _index(element: etree._Element) -> int:
    return 1 + sum(1 for _ in element.itersiblings(element.tag, preceding=True))


def _is_repeated(element: etree._Element) -> bool:
    return next(element.itersiblings(element.tag, preceding=True), None) is not None or (
        next(element.itersiblings(element.tag), None) is not None
    )


def _number_of(record: etree._Element | None) -> str:
    if record is None:
        return ""
    for name in _NUMBER_OF_RECORD:
        found = record.find(f"{{{NAMESPACE}}}{name}")
        if found is not None:
            return text_of(found)[:70]
    return ""


def _name_of(element: etree._Element) -> str:
    return etree.QName(element).localname


def _node_of(element: etree._Element) -> Node | None:
    """Return what the schema knows of this element, None when it is not in its place."""
    node: Node | None = root()
    for item in [*reversed(list(element.iterancestors())), element][1:]:
        node = node.child(_name_of(item)) if node else None
    return node


def _fault(element: etree._Element, kind: str, message: str) -> Fault:
    name = _name_of(element)
    node = _node_of(element)
    if kind in _ATTRIBUTE_FAULTS or "attribute" in message:
        if fault := _attribute_fault(element, name, message):
            return fault
    if f"{{{XSI}}}nil" in element.attrib and (fault := _nil_fault(element, name, node, message)):
        return fault
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        return _content_fault(element, name, node, message)
    if node is None:
        return Fault(NOT_VALID, "other", {"element": name, "detail": _bare(message)})
    if node.simple is None:
        return Fault(NOT_VALID, "stray-text", {"element": name})
    if len(element) and (inside := next(element.iterchildren(tag=etree.Element), None)) is not None:
        return Fault(NOT_VALID, "element-in-value", {"element": name, "found": _name_of(inside)})
    return value_fault(node, node.simple, text_of(element), _bare(message))


def _attribute_fault(element: etree._Element, name: str, message: str) -> Fault | None:
    for attribute in element.attrib:
        if not str(attribute).startswith(f"{{{XSI}}}"):
            written = etree.QName(str(attribute)).localname
            return Fault(NOT_VALID, "unexpected-attribute", {"element": name, "attribute": written})
    return None


def _nil_fault(element: etree._Element, name: str, node: Node | None, message: str) -> Fault | None:
    mark = str(element.get(f"{{{XSI}}}nil")).strip()
    if mark not in {"true", "1", "false", "0"}:
        return Fault(NOT_VALID, "bad-nil", {"element": name})
    if mark in {"false", "0"}:
        return None
    if node is not None and not node.nillable:
        return Fault(REQUIRED_IS_EMPTY, "nil-not-allowed", {"element": name})
    if node is not None and (len(element) or element.text):
        return Fault(NOT_VALID, "nil-with-content", {"element": name})
    return None


def _content_fault(element: etree._Element, name: str, node: Node | None, message: str) -> Fault:
    found = _EXPECTED.search(message)
    expected = _NAME.findall(found[1]) if found else []
    if "Missing child" in message:
        return _missing_at_end(element, name, node, expected)
    parent = element.getparent()
    if parent is None:
        return Fault(NOT_VALID, "other", {"element": name, "detail": _bare(message)})
    if node is not None and node.simple is None and not expected and "not expected" not in message:
        return Fault(NOT_VALID, "stray-text", {"element": name})
    return _unexpected(element, name, parent, expected)


def _missing_at_end(
    element: etree._Element, name: str, node: Node | None, expected: list[str]
) -> Fault:
    first = next(iter(_required(node, expected)), "")
    if not len(element) and node is not None and len(node.children) == 1:
        return Fault(NOT_VALID, "empty-container", {"element": name, "expected": first})
    return _missing(node, first, name)


def _missing(holder: Node | None, missing: str, parent: str) -> Fault:
    wanted = holder.child(missing) if holder else None
    reason = "missing-nillable" if wanted and wanted.nillable else "missing-element"
    return Fault(REQUIRED_IS_EMPTY, reason, {"element": missing, "parent": parent})


def _required(node: Node | None, expected: list[str]) -> Iterator[str]:
    """Yield the expected names, those that must stand first."""
    known = [node.child(name) if node else None for name in expected]
    yield from (name for name, child in zip(expected, known, strict=True) if child and child.least)
    yield from expected


def _unexpected(
    element: etree._Element, name: str, parent: etree._Element, expected: list[str]
) -> Fault:
    holder = _node_of(parent)
    inside = {"element": name, "parent": _name_of(parent)}
    namespace = etree.QName(element).namespace or ""
    if namespace != NAMESPACE:
        return Fault(
            NOT_VALID,
            "wrong-element-namespace",
            {**inside, "found": namespace, "expected": NAMESPACE},
        )
    known = holder.child(name) if holder else None
    if holder is not None and known is None:
        return _unknown_child(name, inside, holder, parent)
    if _stands_before(element) and known is not None:
        return _repeated(known, inside)
    return _out_of_order(element, inside, holder, parent, expected)


def _unknown_child(
    name: str, inside: dict[str, str], holder: Node, parent: etree._Element
) -> Fault:
    meant = _meant(name, holder.names())
    present = {_name_of(child) for child in parent.iterchildren(tag=etree.Element)}
    if meant and meant not in present:
        return Fault(NOT_VALID, "misspelt-element", {**inside, "expected": meant})
    if name == _PURCHASE_ONLY:
        return Fault(NOT_VALID, "purchase-element-on-sale", inside)
    if name == _SALE_ONLY:
        return Fault(NOT_VALID, "sale-element-on-purchase", inside)
    return Fault(NOT_VALID, "unexpected-element", {**inside, "expected": ", ".join(holder.names())})


def _meant(name: str, names: tuple[str, ...]) -> str:
    plain = _letters(name)
    return next((known for known in names if _letters(known) == plain), "")


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _stands_before(element: etree._Element) -> bool:
    return next(element.itersiblings(element.tag, preceding=True), None) is not None


def _repeated(known: Node, inside: dict[str, str]) -> Fault:
    if known.most > 1:
        return Fault(NOT_VALID, "too-many-elements", {**inside, "limit": str(known.most)})
    return Fault(NOT_VALID, "repeated-element", inside)


def _out_of_order(
    element: etree._Element,
    inside: dict[str, str],
    holder: Node | None,
    parent: etree._Element,
    expected: list[str],
) -> Fault:
    wanted = next(iter(_required(holder, expected)), "")
    later = {_name_of(item) for item in element.itersiblings(tag=etree.Element)}
    if wanted and wanted not in later and holder is not None and (found := holder.child(wanted)):
        if found.least:
            return _missing(holder, wanted, inside["parent"])
    before = [_name_of(item) for item in element.itersiblings(tag=etree.Element, preceding=True)]
    return Fault(
        NOT_VALID,
        "wrong-order",
        {
            **inside,
            "expected": wanted
            if wanted in later or not before
            else _after(holder, inside["element"], before),
        },
    )


def _after(holder: Node | None, name: str, before: list[str]) -> str:
    """Return the element that stands too early: the first before this one that belongs after it."""
    names = holder.names() if holder else ()
    later = names[names.index(name) + 1 :] if name in names else ()
    return next((item for item in reversed(before) if item in later), name)


def _bare(message: str) -> str:
    return re.sub(r"\{[^}]*\}", "", message)
