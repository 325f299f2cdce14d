"""Why an element may not stand where it does, or what is missing there."""

import re
from collections.abc import Iterator

from lxml import etree

from isaf.parsing.broken import NOT_VALID, REQUIRED_IS_EMPTY
from isaf.parsing.model import NAMESPACE, Node, root
from isaf.parsing.value_faults import Fault

_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*?) \)")
_NAME = re.compile(r"(?:\{[^}]*\})?([^\s,{}]+)")
_NOT_LETTER = re.compile(r"[\W_]")
_PURCHASE_ONLY = "RegistrationAccountDate"
_SALE_ONLY = "VATPointDate2"


def name_of(element: etree._Element) -> str:
    """Return the element's name without its namespace."""
    return etree.QName(element).localname


def elements_in(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the child elements: comments and processing instructions are not among them."""
    return element.iterchildren(tag=etree.Element)


def node_of(element: etree._Element) -> Node | None:
    """Return what the schema knows of this element, None when it is not in its place."""
    node: Node | None = root()
    for item in [*reversed(list(element.iterancestors())), element][1:]:
        node = node.child(name_of(item)) if node else None
    return node


def bare(message: str) -> str:
    """Return libxml2's message without namespaces, for what we have no words for."""
    return re.sub(r"\{[^}]*\}", "", message)


def content_fault(element: etree._Element, name: str, node: Node | None, message: str) -> Fault:
    """Say what is wrong with the order or number of elements."""
    found = _EXPECTED.search(message)
    expected = _NAME.findall(found[1]) if found else []
    if "Missing child" in message:
        return _missing_at_end(element, name, node, expected)
    parent = element.getparent()
    if parent is None:
        return Fault(NOT_VALID, "other", {"element": name, "detail": bare(message)})
    return _unexpected(element, name, parent, expected)


def _missing_at_end(
    element: etree._Element, name: str, node: Node | None, expected: list[str]
) -> Fault:
    first = _first_wanted(node, expected)
    if node is not None and len(node.children) == 1 and next(elements_in(element), None) is None:
        return Fault(NOT_VALID, "empty-container", {"element": name, "expected": first})
    return _missing(node, first, name)


def _missing(holder: Node | None, missing: str, parent: str) -> Fault:
    wanted = holder.child(missing) if holder else None
    reason = "missing-nillable" if wanted and wanted.nillable else "missing-element"
    return Fault(REQUIRED_IS_EMPTY, reason, {"element": missing, "parent": parent})


def _first_wanted(holder: Node | None, expected: list[str]) -> str:
    """Return the expected element that must stand, or any when none must."""
    for name in expected:
        child = holder.child(name) if holder else None
        if child is not None and child.least:
            return name
    return expected[0] if expected else ""


def _unexpected(
    element: etree._Element, name: str, parent: etree._Element, expected: list[str]
) -> Fault:
    holder = node_of(parent)
    inside = {"element": name, "parent": name_of(parent)}
    namespace = etree.QName(element).namespace or ""
    if namespace != NAMESPACE:
        params = {**inside, "found": namespace, "expected": NAMESPACE}
        return Fault(NOT_VALID, "wrong-element-namespace", params)
    if holder is None:
        return Fault(NOT_VALID, "unexpected-element", {**inside, "expected": ""})
    known = holder.child(name)
    if known is None:
        return _unknown_child(inside, holder, parent)
    if next(element.itersiblings(str(element.tag), preceding=True), None) is not None:
        return _repeated(known, inside)
    return _out_of_order(element, inside, holder, expected)


def _unknown_child(inside: dict[str, str], holder: Node, parent: etree._Element) -> Fault:
    name = inside["element"]
    meant = next((known for known in holder.names() if _letters(known) == _letters(name)), "")
    if meant and meant not in {name_of(child) for child in elements_in(parent)}:
        return Fault(NOT_VALID, "misspelt-element", {**inside, "expected": meant})
    if name == _PURCHASE_ONLY:
        return Fault(NOT_VALID, "purchase-element-on-sale", inside)
    if name == _SALE_ONLY:
        return Fault(NOT_VALID, "sale-element-on-purchase", inside)
    allowed = {"expected": ", ".join(holder.names())}
    return Fault(NOT_VALID, "unexpected-element", {**inside, **allowed})


def _letters(name: str) -> str:
    return _NOT_LETTER.sub("", name).lower()


def _repeated(known: Node, inside: dict[str, str]) -> Fault:
    if known.most > 1:
        return Fault(NOT_VALID, "too-many-elements", {**inside, "limit": str(known.most)})
    return Fault(NOT_VALID, "repeated-element", inside)


def _out_of_order(
    element: etree._Element, inside: dict[str, str], holder: Node, expected: list[str]
) -> Fault:
    wanted = _first_wanted(holder, expected)
    node = holder.child(wanted)
    after = {name_of(item) for item in element.itersiblings(tag=etree.Element)}
    if node is not None and node.least and wanted not in after:
        return _missing(holder, wanted, inside["parent"])
    if early := _overtaken(element, holder):
        params = {**inside, "element": early, "expected": inside["element"]}
        return Fault(NOT_VALID, "wrong-order", params)
    return Fault(NOT_VALID, "wrong-order", {**inside, "expected": wanted})


def _overtaken(element: etree._Element, holder: Node) -> str:
    """Return the first element before this one that belongs after it, if there is any."""
    names = holder.names()
    later = set(names[names.index(name_of(element)) + 1 :])
    before = element.itersiblings(tag=etree.Element, preceding=True)
    found = [name_of(item) for item in before if name_of(item) in later]
    return found[-1] if found else ""
