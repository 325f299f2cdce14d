"""The i.SAF schema as a tree: the one description from which files are recognised and explained.

Read from schemas/isaf/1.2/isaf.xsd. Only what that schema uses is understood; anything else in it
is a KeyError at the first use, not a guess.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lxml import etree

from imas.kernel import xml

NAMESPACE = "http://www.vmi.lt/cms/imas/isaf"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ROOT = "iSAFFile"
VERSION = "iSAF1.2"
XSD = "isaf/1.2/isaf.xsd"

_XS = "{http://www.w3.org/2001/XMLSchema}"
_BUILT_IN = "xs:"


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple type: its XSD base (without prefix) and its facets, by their XSD names."""

    base: str
    values: tuple[str, ...]
    facets: dict[str, str]

    def limit(self, facet: str, default: int = 0) -> int:
        """Return a facet that is a number, such as maxLength."""
        return int(self.facets.get(facet, default))

    @property
    def may_be_empty(self) -> bool:
        """Is an empty element valid?"""
        if self.base != "string" or "length" in self.facets:
            return False
        return "" in self.values if self.values else not self.limit("minLength")


@dataclass(frozen=True, slots=True)
class Node:
    """An element as its parent allows it; `simple` for a value, `children` for a container."""

    name: str
    least: int
    most: int
    nillable: bool
    simple: Simple | None
    children: tuple["Node", ...]

    def child(self, name: str) -> "Node | None":
        """Return the child of that name, or None."""
        return next((node for node in self.children if node.name == name), None)

    def names(self) -> tuple[str, ...]:
        """Return the children's names in their order."""
        return tuple(node.name for node in self.children)


@cache
def root() -> Node:
    """Return iSAFFile with everything below it."""
    document = xml.parse((xml.SCHEMAS / XSD).read_bytes())
    types = {
        str(element.get("name")): element for element in document if element.get("type") is None
    }
    top = document.find(f"{_XS}element")
    if top is None:
        raise KeyError(ROOT)
    return _node(top, types)


@cache
def node_at(*names: str) -> Node:
    """Return the element at this path below iSAFFile; KeyError when there is none."""
    node = root()
    for name in names:
        found = node.child(name)
        if found is None:
            raise KeyError(names)
        node = found
    return node


def _node(element: etree._Element, types: dict[str, etree._Element]) -> Node:
    type_name = element.get("type", "")
    simple: Simple | None = None
    children: tuple[Node, ...] = ()
    if type_name.startswith(_BUILT_IN):
        simple = Simple(type_name.removeprefix(_BUILT_IN), (), {})
    elif type_name and types[type_name].tag == f"{_XS}simpleType":
        simple = _simple(types[type_name])
    else:
        children = tuple(_children(types[type_name] if type_name else element[0], types))
    return Node(
        name=element.get("name", ""),
        least=int(element.get("minOccurs", "1")),
        most=int(element.get("maxOccurs", "1")),
        nillable=element.get("nillable") == "true",
        simple=simple,
        children=children,
    )


def _children(holder: etree._Element, types: dict[str, etree._Element]) -> Iterator[Node]:
    for element in holder[0]:
        yield _node(element, types)


def _simple(holder: etree._Element) -> Simple:
    restriction = holder[0]
    facets = {etree.QName(facet).localname: facet.get("value", "") for facet in restriction}
    values = tuple(
        facet.get("value", "") for facet in restriction if facet.tag == f"{_XS}enumeration"
    )
    facets.pop("enumeration", None)
    return Simple(restriction.get("base", "").removeprefix(_BUILT_IN), values, facets)
