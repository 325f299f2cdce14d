"""A value that changes by the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """Values with the days they hold from, the earliest first; each holds until the next."""

    steps: Sequence[tuple[date, T]]

    @classmethod
    def always(cls, value: T) -> "Dated[T]":
        """Return what never changes."""
        return cls(((date.min, value),))

    def on(self, day: date) -> T:
        """Return what holds on a day; LookupError before the first."""
        for since, value in reversed(self.steps):
            if since <= day:
                return value
        raise LookupError(f"Nothing holds on {day}.")

    @property
    def days(self) -> list[date]:
        """The days on which it changes."""
        return [since for since, _ in self.steps]

    @property
    def values(self) -> list[T]:
        """The values in the order of their days."""
        return [value for _, value in self.steps]
