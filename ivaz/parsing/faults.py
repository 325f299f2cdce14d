"""What the schema refuses in a record → problems with their place and a reason to put in words."""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from imas.kernel import xml
from imas.kernel.problems import Place, Problem
from ivaz.parsing.tree import XSD, known_names

SCHEMA = "ivaz.schema"

_REASONS: Mapping[str, str] = {
    "SCHEMAV_ELEMENT_CONTENT": "content",
    "SCHEMAV_CVC_MAXLENGTH_VALID": "too-long",
    "SCHEMAV_CVC_MINLENGTH_VALID": "empty",
    "SCHEMAV_CVC_ENUMERATION_VALID": "not-in-list",
    "SCHEMAV_CVC_TOTALDIGITS_VALID": "too-many-digits",
    "SCHEMAV_CVC_FRACTIONDIGITS_VALID": "too-many-decimals",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "too-small",
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": "too-large",
    "SCHEMAV_CVC_ELT_3_1": "nil-not-allowed",
    "SCHEMAV_CVC_ELT_3_2_1": "nil-with-content",
    "SCHEMAV_CVC_ELT_5_2_2_2_2": "not-in-list",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "stray-text",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "unexpected-attribute",
}
"""What libxml2 calls a fault, and what we call it; anything else is "bad-value"."""

_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*?) \)")
_NAME = re.compile(r"(?:\{[^}]*\})?([^\s,{}]+)")
_SHOWN = 100


def schema_problems(record: etree._Element, line: int, number: str) -> Iterator[Problem]:
    """Yield one problem for each faulty element of a record, judged by itself.

    `line` is that of the record in its document, `number` names it to the reader.
    """
    schema = xml.schema(XSD)
    if schema.validate(record):
        return
    first = record.sourceline or 0
    seen: set[str] = set()
    for entry in schema.error_log:
        element = _at(record, entry.path or "")
        path = _path(element, record)
        if path not in seen:
            seen.add(path)
            own = line + entry.line - first if first and line else line
            place = Place(line=own or None, path=path, invoice_no=number)
            yield _problem(entry.type_name, entry.message or "", element, place)


def _problem(kind: str, message: str, element: etree._Element, place: Place) -> Problem:
    name = etree.QName(element).localname
    text = "" if len(element) else (element.text or "").strip()
    reason, params = _REASONS.get(kind, "bad-value"), {"element": name}
    if reason == "content":
        reason, params = _content(name, element, message)
    elif reason == "not-in-list":
        params["expected"] = ", ".join(re.findall(r"'([^']*)'", message.rsplit("{", 1)[-1]))
    elif reason in {"too-long", "too-many-digits", "too-many-decimals", "too-small", "too-large"}:
        params["limit"] = _last_quoted(message)
    elif reason == "bad-value" and not text:
        reason = "empty"
    return Problem(SCHEMA, place=place, value=text[:_SHOWN], params=params, reason=reason)


def _content(name: str, element: etree._Element, message: str) -> tuple[str, dict[str, str]]:
    found = _EXPECTED.search(message)
    expected = ", ".join(_NAME.findall(found[1])) if found else ""
    if "Missing child" in message:
        return "missing", {"element": expected, "parent": name}
    parent = element.getparent()
    holder = "" if parent is None else etree.QName(parent).localname
    told = {"element": name, "parent": holder, "expected": expected}
    is_known = bool(expected) and name in known_names()
    return ("out-of-place" if is_known else "unexpected"), told


def _last_quoted(message: str) -> str:
    quoted = re.findall(r"'([^']*)'", message)
    return quoted[-1] if quoted else ""


def _at(record: etree._Element, path: str) -> etree._Element:
    """Return the element at libxml2's path, the record itself where it leads nowhere."""
    steps = [step for step in path.strip("/").split("/")[1:] if step]
    element = record
    for step in steps:
        found = re.fullmatch(r"(?:[^:\[\]]+:)?([^\[\]]+)(?:\[(\d+)\])?", step)
        children = list(element.iterchildren(tag=etree.Element))
        if found is None:
            break
        if found[1] != "*":
            children = [one for one in children if etree.QName(one).localname == found[1]]
        index = int(found[2] or 1) - 1
        if index >= len(children):
            break
        element = children[index]
    return element


def _path(element: etree._Element, record: etree._Element) -> str:
    """Return the names from the record down to an element, numbered where there are several."""
    steps = []
    while element is not record:
        parent = element.getparent()
        assert parent is not None  # noqa: S101 - the element lies in the record
        same = [one for one in parent.iterchildren(tag=etree.Element) if one.tag == element.tag]
        name = etree.QName(element).localname
        steps.append(name if len(same) == 1 else f"{name}[{same.index(element) + 1}]")
        element = parent
    return "/".join(reversed(steps))
