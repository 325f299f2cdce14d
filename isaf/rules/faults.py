"""The fault codes with their dated severities, and how a finding gets its place.

The numbers and system names are official (web-service specification, 4.1). The severities are our
own, because the specification is silent; docs/isaf/checks.md argues each family of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from imas.kernel.classifiers import Row, rows
from imas.kernel.problems import Place, Problem, Severity

TABLE = "isaf/fault_codes.csv"
_NOTHING: Mapping[str, str] = {}


class Finding(NamedTuple):
    """What a rule found: a code and a reason, at an element of the record it looked at."""

    code: str
    element: str = ""
    value: str = ""
    reason: str = ""
    params: Mapping[str, str] = _NOTHING


Findings = tuple[Finding, ...]
CLEAN: Findings = ()
"""What a rule answers when its truth holds; made once, because it is answered nearly always."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    reason: str
    severity: Severity
    valid_from: date
    valid_to: date


def codes() -> tuple[str, ...]:
    """Return every code of the table once, the official ones first."""
    return tuple(_table())


def system_code(code: str) -> str:
    """Return the system name of a code; KeyError when the table does not hold it."""
    return _table()[code][0]


@lru_cache(maxsize=4096)
def severity(code: str, day: date, reason: str = "") -> Severity:
    """Return how grave this finding is when judged on that day.

    A reason without a line of its own is as grave as its code; an unknown code is a KeyError.
    """
    sentences = [each for each in _table()[code][1] if each.valid_from <= day <= each.valid_to]
    own = [each.severity for each in sentences if each.reason == reason]
    return (own or [each.severity for each in sentences if not each.reason])[0]


def problem(
    code: str, place: Place, day: date, /, *, value: str = "", reason: str = "", **params: str
) -> Problem:
    """Return a finding with the severity that the table gives it on that day."""
    return Problem(code, severity(code, day, reason), place, value, params, reason)


@cache
def _table() -> Mapping[str, tuple[str, tuple[_Sentence, ...]]]:
    by_code: dict[str, tuple[str, tuple[_Sentence, ...]]] = {}
    for row in rows(TABLE):
        _, earlier = by_code.get(row["code"], ("", ()))
        by_code[row["code"]] = (row["system_code"], (*earlier, _sentence(row)))
    return by_code


def _sentence(row: Row) -> _Sentence:
    return _Sentence(
        row["reason"],
        Severity(row["severity"]),
        date.fromisoformat(row["valid_from"] or date.min.isoformat()),
        date.fromisoformat(row["valid_to"] or date.max.isoformat()),
    )
