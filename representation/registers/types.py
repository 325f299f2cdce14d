"""What a file of a register holds: its columns, and the table of dated facts it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class RegisterKind(StrEnum):
    """What a file tells of."""

    TAXPAYERS = "taxpayers"
    ENDINGS = "endings"
    VAT = "vat"
    PERIODS = "periods"
    CASH = "cash"
    FARMERS = "farmers"
    HEADS = "heads"
    ACCOUNTANTS = "accountants"
    EMPLOYMENTS = "employments"
    EDS_GRANTS = "eds_grants"
    MANO_VMI_GRANTS = "mano_vmi_grants"


class Deed(StrEnum):
    """What a row does to the register."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    REMOVED = "removed"


class RunState(StrEnum):
    """How far a file has come."""

    PREVIEWED = "previewed"
    APPLIED = "applied"
    DROPPED = "dropped"
    REFUSED = "refused"


class RunSource(StrEnum):
    """Which way a file came."""

    COMMAND = "command"
    SERVICE = "service"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Fact:
    """A table of facts with a first and a last day; `value` is the column with what holds."""

    table: str
    first: str
    last: str
    value: str = ""
    by_person: bool = False


_VALID = ("valid_from", "valid_to")
_HELD = ("since", "until")

FACTS: Mapping[RegisterKind, Fact] = {
    RegisterKind.VAT: Fact("representation_vatregistration", *_VALID, value="vat_code"),
    RegisterKind.PERIODS: Fact("representation_taxperiodkind", *_VALID, value="kind"),
    RegisterKind.CASH: Fact("representation_cashaccounting", *_VALID),
    RegisterKind.FARMERS: Fact("representation_farmerscheme", *_VALID),
    RegisterKind.HEADS: Fact("representation_headship", *_HELD, by_person=True),
    RegisterKind.ACCOUNTANTS: Fact(
        "representation_accountant", *_HELD, value="kind", by_person=True
    ),
    RegisterKind.EMPLOYMENTS: Fact("representation_employment", *_HELD, by_person=True),
    RegisterKind.EDS_GRANTS: Fact("representation_edsgrant", *_HELD, value="role", by_person=True),
    RegisterKind.MANO_VMI_GRANTS: Fact(
        "representation_manovmigrant", *_HELD, value="role", by_person=True
    ),
}

_DAYS = ("since", "until", "removed")
_PERSON = ("personal_code", "country", "identifier", "person_name")

COLUMNS: Mapping[RegisterKind, tuple[str, ...]] = {
    RegisterKind.TAXPAYERS: (
        "code",
        "kind",
        "name",
        "address",
        "city",
        "postal_code",
        "country",
    ),
    RegisterKind.ENDINGS: ("code", "ended_on"),
    RegisterKind.VAT: ("code", "vat_code", *_DAYS),
    RegisterKind.PERIODS: ("code", "kind", *_DAYS),
    RegisterKind.CASH: ("code", *_DAYS),
    RegisterKind.FARMERS: ("code", *_DAYS),
    RegisterKind.HEADS: ("code", *_PERSON, *_DAYS),
    RegisterKind.ACCOUNTANTS: ("code", *_PERSON, "kind", *_DAYS),
    RegisterKind.EMPLOYMENTS: ("code", *_PERSON, *_DAYS),
    RegisterKind.EDS_GRANTS: ("code", *_PERSON, "role", *_DAYS),
    RegisterKind.MANO_VMI_GRANTS: ("code", *_PERSON, "role", *_DAYS),
}

_MAY_BE_ABSENT = frozenset(
    {
        "address",
        "city",
        "postal_code",
        "country",
        "until",
        "removed",
        "personal_code",
        "identifier",
        "person_name",
    }
)


def needed_columns(kind: RegisterKind) -> tuple[str, ...]:
    """Return the columns a file of this kind cannot do without."""
    return tuple(name for name in COLUMNS[kind] if name not in _MAY_BE_ABSENT)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is refused: its number in the file (the first after the heading is 1), no value.

    What was written is not repeated: it may be a personal code.
    """

    row: int
    column: str
    code: str


class StagedRow(NamedTuple):
    """A row that can be read, as it is copied into the database."""

    row: int
    code: str
    value: str = ""
    person: str = ""
    name: str = ""
    address: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = ""
    since: date | None = None
    until: date | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One change a file makes: what stood before and what stands after, None where nothing."""

    deed: Deed
    row: int | None
    code: str
    before: Mapping[str, str | None] | None
    after: Mapping[str, str | None] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a file would do: how many rows of each deed, some of each, and a fingerprint."""

    counts: Mapping[Deed, int]
    unchanged: int
    examples: tuple[Change, ...]
    fingerprint: str


MOST_FINDINGS = 1000
"""So many of them are told; a file with more is better mended by whoever writes it."""


@dataclass(slots=True)
class Findings:
    """Refused rows: all counted, the first of them kept."""

    kept: list[RowProblem] = field(default_factory=list)
    rows: int = 0

    def add(self, problems: list[RowProblem]) -> None:
        """Count a row and keep what is wrong with it, while there is room."""
        self.rows += 1
        if len(self.kept) < MOST_FINDINGS:
            self.kept.extend(problems)
