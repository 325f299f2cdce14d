"""Forms by the day: their versions and, of FR0600, their boxes (schemas/isaf/returns)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from imas.kernel.classifiers import Row, rows
from imas.kernel.periods import Period

_FILED_BY = 25
_NO_DEFINITION = "{00000000-0000-0000-0000-000000000000}"


class FormName(StrEnum):
    """The forms drafted from registers: the VAT return and the list of supplies in the EU."""

    RETURN = "FR0600"
    LIST = "FR0564"


class BoxKind(StrEnum):
    """How a box comes to its number."""

    TAXABLE = "taxable"
    VAT = "vat"
    PERCENT = "percent"
    DEDUCTED = "deducted"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a form, for periods that begin while it is in force.

    `definition` is the id of VMI's form definition. Where it is not published it is nil, and
    `is_confirmed` is false.
    """

    name: FormName
    version: str
    definition: str
    page: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A box of FR0600: whole euros, but for the percentage. `formula` is of a computed one."""

    number: str
    field: str
    section: str
    kind: BoxKind
    digits: int
    formula: str
    names: Mapping[str, str]
    is_confirmed: bool

    @property
    def terms(self) -> Sequence[tuple[int, str]]:
        """The boxes of the formula with their signs, 1 or -1."""
        return [
            (-1 if sign == "-" else 1, number)
            for sign, number in re.findall(r"([+-]?)(\d+A?)", self.formula)
        ]


@lru_cache(maxsize=1024)
def form_on(name: FormName, day: date) -> Form:
    """Return the version for a period that begins that day; LookupError before the first."""
    for row in rows("isaf/returns/forms.csv"):
        if row["form"] == name and holds(row, day):
            return Form(
                name=name,
                version=row["version"],
                definition=row["definition"] or _NO_DEFINITION,
                page=row["page"],
                is_confirmed=row["confirmed"] == "yes",
            )
    raise LookupError(f"{name} on {day}")


@dataclass(frozen=True, slots=True)
class Annex:
    """A form that belongs to FR0564 and is not drawn up, for its fields are not published."""

    name: str
    valid_from: str


def annexes_on(day: date) -> Sequence[Annex]:
    """Return the annexes of FR0564 for a period that begins that day."""
    return [
        Annex(row["form"], row["valid_from"])
        for row in rows("isaf/returns/forms.csv")
        if row["form"] not in set(FormName) and holds(row, day)
    ]


@lru_cache(maxsize=1024)
def boxes_on(day: date) -> Mapping[str, Box]:
    """Return the boxes of FR0600 for a period that begins that day, in the order of the form."""
    return {
        row["box"]: Box(
            number=row["box"],
            field=row["field"],
            section=row["section"],
            kind=BoxKind(row["kind"]),
            digits=int(row["digits"]),
            formula=row["formula"],
            names={"lt": row["name_lt"], "en": row["name_en"]},
            is_confirmed=row["confirmed"] == "yes",
        )
        for row in rows("isaf/returns/boxes.csv")
        if holds(row, day)
    }


def deadline_of(period: Period) -> date:
    """Return the last day to file and pay: the 25th of the month after the period (VA-29)."""
    return (period.end + timedelta(days=1)).replace(day=_FILED_BY)


def holds(row: Row, day: date) -> bool:
    """Tell whether a dated row is in force on a day; an empty date is open."""
    return (row["valid_from"] or "0001-01-01") <= day.isoformat() <= (row["valid_to"] or "9999")
