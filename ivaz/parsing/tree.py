"""The i.VAZ schema as a tree: which elements stand where, in which order, how often."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from imas.kernel.xml import SCHEMAS
from ivaz.types import Section

if TYPE_CHECKING:
    import xmlschema

NAMESPACE = "http://www.vmi.lt/cms/imas/ivaz"
XSD = "ivaz/1.3.3/ivaz.xsd"
ROOT = "iVAZFile"
HEADER = "FileDescription"

HOLDERS: Mapping[Section, str] = {
    Section.EWAYBILL: "eTransportDocuments",
    Section.WAYBILL: "TransportDocuments",
    Section.AMENDMENT: "TransportDocumentAmendments",
    Section.SPLIT: "CargoSplittings",
    Section.RECEIPT: "ReceiptConfirmations",
    Section.CANCELLATION: "Cancellations",
    Section.ORDER: "Orders",
}
"""The element that holds the records of each section, in the order of the file."""

MOST: Mapping[Section, int] = {
    section: 1_000 if section in {Section.SPLIT, Section.ORDER} else 10_000 for section in Section
}
"""So many records a section may hold."""


@dataclass(frozen=True, slots=True)
class Node:
    """An element: its children by name in their order; none for a value.

    `item` is the name of the only child of an element that merely holds a list, `by_tag` the
    children by their names with the namespace (a comment's tag is no name and is not found),
    `is_text` tells of a value that is never nil.
    """

    name: str
    children: "Mapping[str, Node]"
    nillable: bool = False
    required: bool = True
    item: str = ""
    by_tag: "Mapping[Any, Node]" = field(default_factory=dict)
    is_text: bool = False


@cache
def node_of(section: Section) -> Node:
    """Return the tree of a section's record."""
    return _node(_schema().elements[str(section)])


@cache
def known_names() -> frozenset[str]:
    """Return the name of every element the records have."""
    names: set[str] = set()
    todo = [node_of(section) for section in Section]
    while todo:
        node = todo.pop()
        names.add(node.name)
        todo.extend(node.children.values())
    return frozenset(names)


@cache
def header_node() -> Node:
    """Return the tree of the header."""
    return _node(_schema().elements[HEADER])


@cache
def _schema() -> "xmlschema.XMLSchema":
    # A fifth of the start of a process, most of which read no waybill.
    import xmlschema  # noqa: PLC0415

    return xmlschema.XMLSchema(str(SCHEMAS / XSD))


def _node(element: "xmlschema.XsdElement") -> Node:
    kind = element.type
    inside = list(kind.content.iter_elements()) if kind.is_complex() else []  # type: ignore[union-attr]
    children = {child.local_name: _node(child) for child in inside}
    lists = [child.local_name for child in inside if child.max_occurs != 1]
    return Node(
        name=element.local_name,
        children=children,
        nillable=element.nillable,
        required=element.min_occurs > 0,
        item=lists[0] if lists else "",
        by_tag={f"{{{NAMESPACE}}}{name}": child for name, child in children.items()},
        is_text=not children and not element.nillable,
    )
