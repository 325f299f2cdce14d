"""Why a value does not fit its simple type, in terms a bookkeeper can act on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from isaf.parsing.broken import NOT_VALID, REQUIRED_IS_EMPTY
from isaf.parsing.model import Node, Simple

_RATE_DIGITS = 5
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?")
_BY_PATTERN = {"PartNumber": "bad-part-number", "TaxCode": "bad-tax-code"}
_BY_BASE = {
    "dateTime": "bad-date-time",
    "unsignedInt": "bad-number-of-parts",
    "unsignedLong": "bad-registration-number",
}
_AMOUNT_FAULTS = (
    (re.compile(r".*,.*"), "amount-with-comma"),
    (re.compile(r".*\d[\s\u00a0\u202f]+\d.*"), "amount-with-blanks"),
    (re.compile(r"[+-]?[\d.]+[eE][+-]?\d+"), "amount-exponent"),
    (re.compile(r"[+-]?\d{0,16}\.\d*"), "amount-decimals"),
    (re.compile(r"[+-]?[\d.]+"), "amount-too-long"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the official code, our reason below it, and the words' parameters."""

    code: str
    reason: str
    params: Mapping[str, str] = field(default_factory=dict)


def value_fault(node: Node, simple: Simple, text: str, detail: str) -> Fault:
    """Say why this text is not a value of the element; `detail` when we do not know."""
    element = {"element": node.name}
    if not text.strip() and not simple.values:
        if node.nillable:
            return Fault(REQUIRED_IS_EMPTY, "empty-instead-of-nil", element)
        if not simple.may_be_empty:
            return Fault(REQUIRED_IS_EMPTY, "empty-element", element)
    reason, params = _reason(node, simple, text)
    if reason == "other":
        params = {"detail": detail}
    return Fault(NOT_VALID, reason, {**element, **params})


def _reason(node: Node, simple: Simple, text: str) -> tuple[str, dict[str, str]]:
    match simple.base:
        case "string":
            return _string(node, simple, text)
        case "decimal":
            return _decimal(simple, text.strip())
        case "date":
            return _date(simple, text.strip())
    return _BY_BASE.get(simple.base, "other"), {}


def _string(node: Node, simple: Simple, text: str) -> tuple[str, dict[str, str]]:
    if simple.values:
        listed = ", ".join(value for value in simple.values if value)
        return "bad-version" if len(simple.values) == 1 else "not-in-list", {"expected": listed}
    if "pattern" in simple.facets:
        return _BY_PATTERN.get(node.name, "other"), {}
    if "length" in simple.facets:
        return "bad-country-length", {}
    if len(text) > simple.limit("maxLength", len(text)):
        return "too-long", {"limit": simple.facets["maxLength"]}
    return "other", {}


def _decimal(simple: Simple, text: str) -> tuple[str, dict[str, str]]:
    if simple.limit("totalDigits") == _RATE_DIGITS:
        return "bad-rate", {}
    for pattern, reason in _AMOUNT_FAULTS:
        if pattern.fullmatch(text):
            return reason, {"limit": simple.facets["totalDigits"]}
    return "bad-amount", {}


def _date(simple: Simple, text: str) -> tuple[str, dict[str, str]]:
    found = _DATE.fullmatch(text)
    if found is None:
        return "bad-date", {}
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return "bad-date", {}
    first = simple.facets.get("minInclusive", "")
    if first and day < date.fromisoformat(first):
        return "date-too-early", {"limit": first}
    return "date-too-late", {"limit": simple.facets.get("maxInclusive", "")}
