"""Elements ↔ content: a record as plain values, the same for files, the web service and pages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from ivaz.parsing.tree import NAMESPACE, Node
from ivaz.types import Content

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NIL = f"{{{XSI}}}nil"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
_NAMELESS = "Unknown"
"""Stands for a name no element can have."""

_NAMES: dict[str | None, str] = {None: NAMESPACE, "xsi": XSI}


def content_of(element: etree._Element, node: Node) -> Content:
    """Return a record's values; what the schema does not know there is left out."""
    found = _value(element, node)
    return found if isinstance(found, dict) else {}


def element_of(content: Any, node: Node) -> etree._Element:
    """Return the element of a record's values, in the order of the schema.

    Names the schema does not know come last and empty, so that judging it says which they are.
    Values that are no texts, numbers, lists or objects become empty elements.
    """
    root = etree.Element(f"{{{NAMESPACE}}}{node.name}", nsmap=_NAMES)
    _fill(root, content, node)
    return root


def _value(element: etree._Element, node: Node) -> Any:
    if node.nillable and element.get(_NIL) in {"true", "1"}:
        return None
    if not node.children:
        return _text(element)
    if node.item:
        item = node.children[node.item]
        return [_value(child, item) for child in element if child.tag in node.by_tag]
    found: dict[str, Any] = {}
    for child in element:
        inner = node.by_tag.get(child.tag)
        if inner is not None and inner.name not in found:
            # Most are plain texts: asked here, they spare a call each.
            found[inner.name] = _text(child) if inner.is_text else _value(child, inner)
    return found


def _text(element: etree._Element) -> str:
    text = element.text or ""
    return text.strip() or text


def _fill(element: etree._Element, value: Any, node: Node) -> None:
    if value is None:
        element.set(_NIL, "true")
    elif node.item and isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            _fill(_child(element, node.item), one, node.children[node.item])
    elif isinstance(value, Mapping):
        _fill_children(element, value, node)
    elif isinstance(value, str | int | float):
        element.text = _clean(str(value))


def _fill_children(element: etree._Element, value: Mapping[str, Any], node: Node) -> None:
    for name, child in node.children.items():
        if name in value:
            _fill(_child(element, name), value[name], child)
    for name in value:
        if name not in node.children:
            _child(element, name if _NAME.fullmatch(name) else _NAMELESS)


def _child(element: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(element, f"{{{NAMESPACE}}}{name}")


def _clean(text: str) -> str:
    """Leave out what XML cannot hold: control characters."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")
