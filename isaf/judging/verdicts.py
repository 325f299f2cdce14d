"""What is found in a chunk and in a file: sums, and problems with a bound on how many are kept."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from imas.kernel.money import ZERO
from imas.kernel.problems import Problem, Severity
from isaf.types import Header, MasterParty, RegisterType

KEPT = 2000
"""Problems kept of a file; the official service stops at the same number."""

ProblemKey = tuple[str, Severity]


class FindingsLike(Protocol):
    """Where the problems of a file are gathered."""

    def add(self, problems: Iterable[Problem], /) -> None:
        """Take problems."""

    def add_total(self, code: str, severity: Severity, count: int, /) -> None:
        """Take the number of problems that were found and not kept."""


@dataclass
class Kept:
    """The first problems, and the exact number of the others."""

    problems: list[Problem] = field(default_factory=list)
    others: Counter[ProblemKey] = field(default_factory=Counter)

    def add(self, problem: Problem) -> None:
        """Take one problem."""
        if len(self.problems) < KEPT:
            self.problems.append(problem)
        else:
            self.others[problem.code, problem.severity] += 1

    def merge(self, later: "Kept") -> None:
        """Take those of a later part of the file."""
        for problem in later.problems:
            self.add(problem)
        self.others.update(later.others)

    def hand_to(self, findings: FindingsLike) -> None:
        """Give everything to those who report it, in file order."""
        findings.add(self.problems)
        for (code, severity), count in self.others.items():
            findings.add_total(code, severity, count)


@dataclass
class RegisterSummary:
    """The records of one register of a file: sums in euros, problems by weight."""

    records: int = 0
    taxable: Decimal = ZERO
    vat: Decimal = ZERO
    errors: int = 0
    warnings: int = 0

    def count(self, severity: Severity) -> None:
        """Count one problem of a record."""
        if severity is Severity.ERROR:
            self.errors += 1
        elif severity is Severity.WARNING:
            self.warnings += 1

    def merge(self, other: "RegisterSummary") -> None:
        """Add the sums of another part of the same register."""
        self.records += other.records
        self.taxable += other.taxable
        self.vat += other.vat
        self.errors += other.errors
        self.warnings += other.warnings


@dataclass
class ChunkVerdict:
    """What one chunk holds, small enough to be sent from process to process."""

    schema: Kept = field(default_factory=Kept)
    rules: Kept = field(default_factory=Kept)
    register: RegisterType | None = None
    summary: RegisterSummary = field(default_factory=RegisterSummary)
    masters: list[MasterParty] = field(default_factory=list)


@dataclass(frozen=True)
class Summary:
    """The verdict on a file: accepted means valid by the schema, with a header without errors."""

    header: Header | None
    schema_ok: bool
    header_ok: bool
    registers: Mapping[RegisterType, RegisterSummary]

    @property
    def accepted(self) -> bool:
        """May its registers be made?"""
        return self.schema_ok and self.header_ok
