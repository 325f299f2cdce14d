"""The schema as patterns: one regular expression per record, every value of it one group.

What is matched is valid, but for two things that whoever uses the groups must still ask: a date
must be one and within its bounds, and a text with entities may be too long.
"""

import re

from isaf.parsing.model import Node, Simple

BLANK = r"[ \t\r\n]*+"
_TEXT = "[^<&\\]\x00-\x08\x0b-\x1f\ufffe\uffff]"
_ENTITY = "&(?:amp|lt|gt|quot|apos);"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


class PatternWriter:
    """Writes the pattern of an element of the schema; every value of a record is one group."""

    def __init__(self, prefix: str, nil: str) -> None:
        self._prefix = re.escape(f"{prefix}:") if prefix else ""
        self._nil = re.escape(nil)

    def element(self, node: Node, *, capture: bool = True) -> str:
        """Return the pattern of the element, without the blanks around it."""
        name = self._prefix + node.name
        if node.simple:
            return self._value(node, node.simple, name, capture=capture)
        inside = BLANK.join(self._occurring(child, capture=capture) for child in node.children)
        whole = f">{BLANK}{inside}{BLANK}</{name}>"
        if any(child.least for child in node.children):
            return f"<{name}{whole}"
        return f"<{name}(?: ?/>|{whole})"

    def repeated(self, node: Node) -> "re.Pattern[str]":
        """Return the pattern that finds each of the repeated elements in their block."""
        return re.compile(self.element(node))

    def _occurring(self, node: Node, *, capture: bool) -> str:
        if node.most > 1:
            block = f"(?:{self.element(node, capture=False)}{BLANK}){{{node.least},{node.most}}}+"
            return f"({block})" if capture else block
        written = self.element(node, capture=capture)
        return written if node.least else f"(?:{written})?+"

    def _value(self, node: Node, simple: Simple, name: str, *, capture: bool) -> str:
        body = _body(simple)
        full = f">({body})</{name}>" if capture else f">(?:{body})</{name}>"
        others = []
        if simple.may_be_empty:
            others.append(" ?/>")
        if node.nillable:
            mark = rf""" {self._nil}:nil=(?:"(?:true|1)"|'(?:true|1)')"""
            others.append(f"{mark}(?: ?/>|></{name}>)")
        return f"<{name}(?:{'|'.join((full, *others))})" if others else f"<{name}{full}"


def _body(simple: Simple) -> str:
    if simple.values:
        return "|".join(re.escape(value) for value in simple.values)
    if simple.base == "date":
        return _DATE
    if simple.base == "decimal":
        fraction = simple.limit("fractionDigits")
        whole = simple.limit("totalDigits") - fraction
        return rf"-?[0-9]{{1,{whole}}}+(?:\.[0-9]{{1,{fraction}}}+)?+"
    if pattern := simple.facets.get("pattern"):
        least, most = simple.limit("minLength"), simple.limit("maxLength")
        return f"(?=[^<]{{{least},{most}}}<){pattern.replace('(', '(?:')}"
    if exact := simple.limit("length"):
        return f"{_TEXT}{{{exact}}}"
    run = f"{_TEXT}{{0,{simple.limit('maxLength')}}}+"
    filled = "(?!<)" if simple.limit("minLength") else ""
    return f"{filled}{run}(?:{_ENTITY}{run})*+"
