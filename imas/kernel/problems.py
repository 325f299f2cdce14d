"""What is wrong with a taxpayer's data, said as a value."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self, TypeVar

T = TypeVar("T")


class Severity(StrEnum):
    """Whether the data may be submitted in spite of the problem."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the document: line and column from 1 (None when unknown) and the element path."""

    line: int | None = None
    column: int | None = None
    path: str = ""
    register: str = ""
    invoice_no: str = ""


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding, in no language.

    `code` names the message (an official number or a dotted code of ours), `reason` picks a
    more exact sentence of the same code, `value` is what was found, `params` what was expected.
    """

    code: str
    severity: Severity = Severity.ERROR
    place: Place = NOWHERE
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    def at(self, place: Place) -> Self:
        """Return the same finding at another place."""
        return replace(self, place=place)


Rule = Callable[[T], Iterator[Problem]]


def any_error(problems: Iterable[Problem]) -> bool:
    """Tell whether the data must be mended before it can be submitted."""
    return any(problem.severity is Severity.ERROR for problem in problems)
