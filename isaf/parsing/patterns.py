"""The schema as patterns: one regular expression per record, every value of it one group.

Of elements that repeat, the values of the first are groups, because most often it stands alone,
and the others together are one more group, a block; where there may be none all are a block.

What is matched is valid, but for two things that whoever uses the groups must still ask: a date
must be one and within its bounds, and a text with entities may be too long.

They are meant for UTF-8 read as Latin-1, a character for each byte, which takes a pattern a
quarter less time. Nothing more is let through for it: whatever has a greatest length is only held
to it sooner, what has an exact one must be ASCII, and U+FFFE and U+FFFF are the reader's business.
"""

import re

from isaf.parsing.model import Node, Simple

BLANK = r"[ \t\r\n]*+"
_TEXT = "[^<&\\]\x00-\x08\x0b-\x1f]"
_ASCII = "[^<&\\]\x00-\x08\x0b-\x1f\x7f-\U0010ffff]"
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
        written = self.element(node, capture=capture)
        if node.most > 1 and not capture:
            return self._block(node, node.least, node.most)
        if node.most > 1 and node.least:
            others = self._block(node, node.least - 1, node.most - 1)
            return f"{written}{BLANK}({others})"
        if node.most > 1:
            return f"({self._block(node, 0, node.most)})"
        return written if node.least else f"(?:{written})?+"

    def _block(self, node: Node, least: int, most: int) -> str:
        return f"(?:{self.element(node, capture=False)}{BLANK}){{{least},{most}}}+"

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
        return f"{_ASCII}{{{exact}}}"
    run = f"{_TEXT}{{0,{simple.limit('maxLength')}}}+"
    filled = "(?!<)" if simple.limit("minLength") else ""
    return f"{filled}{run}(?:{_ENTITY}{run})*+"
