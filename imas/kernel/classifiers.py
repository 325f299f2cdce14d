"""Dated reference tables: rows of schemas/*.csv, each valid for a run of days."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from imas.kernel.xml import SCHEMAS

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a classifier with the days on which it holds (both ends included)."""

    code: str
    valid_from: date
    valid_to: date
    row: Row

    def holds_on(self, day: date) -> bool:
        """Tell whether the row is in force on that day."""
        return self.valid_from <= day <= self.valid_to


class Classifier:
    """Entries by code; several rows of one code follow each other in time."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self._by_code: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_code.setdefault(entry.code, []).append(entry)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def on(self, code: str, day: date) -> Entry | None:
        """Return the row of this code in force on that day, or None."""
        for entry in self._by_code.get(code, ()):
            if entry.holds_on(day):
                return entry
        return None

    def entries(self, code: str) -> tuple[Entry, ...]:
        """Return every row of this code, oldest first as written."""
        return tuple(self._by_code.get(code, ()))


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Return the rows of schemas/<name>, a CSV file with a heading, as text."""
    with (SCHEMAS / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def classifier(name: str) -> Classifier:
    """Return the dated table schemas/<name>: columns code, valid_from, valid_to and others.

    An empty date means "always so far".
    """
    return Classifier(
        tuple(
            Entry(
                code=row["code"],
                valid_from=_day(row["valid_from"], date.min),
                valid_to=_day(row["valid_to"], date.max),
                row=row,
            )
            for row in rows(name)
        )
    )


def _day(text: str, default: date) -> date:
    return date.fromisoformat(text) if text else default
