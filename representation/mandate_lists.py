"""Lists of mandates to be passed on, as a firm keeps them in a table: read, not yet judged."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from imas.kernel.errors import RefusedDocumentError
from imas.kernel.identifiers import personal_code_is_valid
from representation.registers.sheets import rows_of
from representation.rights import EVERY_RIGHT

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "client": ("client", "klientas", "kliento kodas"),
    "name": ("name", "vardas ir pavardė", "vardas pavardė"),
    "personal_code": ("personal_code", "personal code", "asmens kodas"),
    "email": ("email", "e-mail", "el. paštas"),
    "rights": ("rights", "teisės"),
    "until": ("until", "iki", "galioja iki"),
}
"""The columns of a list, and what their headings may be called."""

_MOST_COLUMNS = 20
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ListProblem:
    """What is wrong in a list: the row of the file, the column, a code, and what stands there."""

    row: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: whom the mandate is about, whom it is for, what it gives. `number` is its place."""

    number: int
    client: str
    name: str
    personal_code: str
    email: str
    rights: tuple[str, ...]
    until: date


@dataclass(frozen=True, slots=True)
class MandateList:
    """A list as it was read: the rows, what is wrong with others, and the cells as they stood."""

    rows: Sequence[ListRow]
    problems: Sequence[ListProblem]
    cells: Mapping[int, Mapping[str, str]]


def read_list(file: IO[bytes], most: int) -> MandateList:
    """Return the rows that can be read and what is wrong with the others.

    No list at all, other columns, or more than `most` rows: `RefusedDocumentError`.
    """
    read: list[ListRow] = []
    problems: list[ListProblem] = []
    kept: dict[int, Mapping[str, str]] = {}
    with closing(rows_of(file, _MOST_COLUMNS)) as rows:
        places = _places(next(rows, []))
        for number, cells in enumerate(rows, start=2):
            if number > most + 1:
                raise RefusedDocumentError("list-too-long", limit=str(most))
            if any(cells):
                values = kept[number] = _values(cells, places)
                wrong = list(_wrong(number, values))
                problems += wrong
                read += [] if wrong else [_row(number, values)]
    if not kept:
        raise RefusedDocumentError("list-empty")
    return MandateList(read, problems, kept)


def as_text(read: MandateList) -> str:
    """Write a list that `read_list` reads back alike, each row on the line it stood on."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    line = 1
    for number, cells in read.cells.items():
        while (line := line + 1) < number:
            writer.writerow([""] * len(COLUMNS))
        writer.writerow([cells[name] for name in COLUMNS])
    return text.getvalue()


def _places(heading: Sequence[str]) -> dict[str, int]:
    called = [cell.strip().lower() for cell in heading]
    places = {
        name: called.index(word)
        for name, words in COLUMNS.items()
        for word in words
        if word in called
    }
    if missing := [name for name in COLUMNS if name not in places]:
        raise RefusedDocumentError("list-columns", missing=", ".join(missing))
    return places


def _values(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    """Return the cells by column; those that a short row lacks are empty."""
    return {
        name: cells[place].strip()[:_LONGEST] if place < len(cells) else ""
        for name, place in places.items()
    }


def _wrong(number: int, values: Mapping[str, str]) -> Iterator[ListProblem]:
    for column, code in (("client", "list-client-missing"), ("name", "list-name-missing")):
        if not values[column]:
            yield ListProblem(number, column, code)
    if not personal_code_is_valid(values["personal_code"]):
        # What was taken for a personal code may be one: it is not shown again.
        yield ListProblem(number, "personal_code", "list-personal-code")
    if not _is_address(values["email"]):
        yield ListProblem(number, "email", "list-email", values["email"])
    rights = _rights(values["rights"])
    unknown = [right for right in rights if right not in EVERY_RIGHT]
    if unknown or not rights:
        yield ListProblem(number, "rights", "list-right", ", ".join(unknown))
    if _day(values["until"]) is None:
        yield ListProblem(number, "until", "list-until", values["until"])


def _row(number: int, values: Mapping[str, str]) -> ListRow:
    until = _day(values["until"])
    assert until is not None  # noqa: S101 - rows with another day are not read
    named = {name: values[name] for name in ("client", "name", "personal_code", "email")}
    return ListRow(number=number, **named, rights=_rights(values["rights"]), until=until)


def _rights(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(text.replace(",", " ").split())))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
