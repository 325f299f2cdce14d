"""Paging by the last row seen, not by counting: as quick on the last page as on the first."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import (
    BooleanField,
    CharField,
    Expression,
    F,
    Model,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.sql.compiler import SQLCompiler

from imas.kernel.errors import UnprocessableError

PAGE_SIZE = 50
_DIGITS = 19

Row = TypeVar("Row")
Scalar = str | int | bool
Form = Callable[[Scalar], object]
"""Raises ValueError or ValidationError for a value that a column cannot hold."""


@dataclass(frozen=True)
class Cursor:
    """The place between two rows: the values of the row beside it, and which way to read."""

    values: tuple[Scalar, ...]
    backwards: bool = False

    def __str__(self) -> str:
        text = json.dumps([int(self.backwards), *self.values], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, *forms: "Form") -> "Cursor | None":
        """Read what a link brought back, a form for each value; "" is the beginning.

        UnprocessableError("bad-cursor") for anything foreign.
        """
        if not text:
            return None
        try:
            parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (binascii.Error, ValueError):
            raise UnprocessableError("bad-cursor") from None
        if not _is_cursor(parts, forms):
            raise UnprocessableError("bad-cursor")
        return cls(tuple(parts[1:]), backwards=bool(parts[0]))


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows in order and the cursors of their neighbours, "" where there are none.

    `more` tells that rows follow in the direction in which it was read.
    """

    rows: Sequence[Row]
    next: str = ""
    previous: str = ""
    more: bool = False


def number_after(text: str) -> int:
    """Read the number after which a program goes on; UnprocessableError("bad-cursor")."""
    if not (text.isascii() and text.isdigit() and len(text) < _DIGITS):
        raise UnprocessableError("bad-cursor")
    return int(text)


class Keyset:
    """An order by columns that together are unique, never null, and all go the same way."""

    def __init__(self, *columns: str, descending: bool = False, size: int = PAGE_SIZE) -> None:
        self.columns = columns
        self.descending = descending
        self.size = size

    def page(self, rows: "QuerySet[Any, Row]", cursor: str) -> Page[Row]:
        """Give the page at the cursor; one row more than shown is read to know what follows."""
        place = Cursor.parse(cursor, *_forms(rows, self.columns))
        return self.cut(list(self._from(rows, place)[: self.size + 1]), place)

    def nearest(
        self, rows: "QuerySet[Any, Row]", cursor: str, number: int
    ) -> tuple["QuerySet[Any, Row]", bool]:
        """Return the rows up to the `number`-th that follows the cursor, and whether it is there.

        A page of what is looked for is read among them in their order, until it is full.
        """
        place = Cursor.parse(cursor, *_forms(rows, self.columns))
        ahead = self._from(rows, place).values_list(*self.columns)
        last = next(iter(ahead[number - 1 : number]), None)
        if last is None:
            return rows, False
        upwards = not self._downwards(place)
        return rows.filter(_Beside(self.columns, last, below=upwards, inclusive=True)), True

    def cut(self, found: list[Row], place: Cursor | None) -> Page[Row]:
        """Make a page of up to `size + 1` rows read from the place in reading direction."""
        more = len(found) > self.size
        kept = found[: self.size]
        backwards = place is not None and place.backwards
        if backwards:
            kept.reverse()
        if not kept:
            return Page(kept)
        return Page(
            kept,
            next=self._at(kept[-1], backwards=False) if backwards or more else "",
            previous=self._at(kept[0], backwards=True) if (more if backwards else place) else "",
            more=more,
        )

    def _from(self, rows: "QuerySet[Any, Row]", place: Cursor | None) -> "QuerySet[Any, Row]":
        downwards = self._downwards(place)
        if place is not None:
            rows = rows.filter(_Beside(self.columns, place.values, below=downwards))
        return rows.order_by(*(f"-{name}" if downwards else name for name in self.columns))

    def _downwards(self, place: Cursor | None) -> bool:
        return self.descending != (place is not None and place.backwards)

    def _at(self, row: Any, *, backwards: bool) -> str:
        values = (
            row[name] if isinstance(row, Mapping) else getattr(row, name) for name in self.columns
        )
        return str(Cursor(tuple(_plain(value) for value in values), backwards))


class _Beside(Expression):
    """`(a, b) > (x, y)`: PostgreSQL walks straight to it in an index on (a, b)."""

    conditional = True

    def __init__(
        self,
        columns: Sequence[str],
        values: Sequence[object],
        *,
        below: bool,
        inclusive: bool = False,
    ) -> None:
        super().__init__(output_field=BooleanField())
        self.sides: list[Any] = [*map(F, columns), *map(Value, values)]
        self.sign = ("<" if below else ">") + ("=" if inclusive else "")

    def get_source_expressions(self) -> list[Any]:
        return self.sides

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sides = list(exprs)

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: object,  # noqa: ARG002 - Django's name
        **_: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        compiled = [compiler.compile(side) for side in self.sides]
        half = len(compiled) // 2
        left, right = (
            ", ".join(sql for sql, _params in side) for side in (compiled[:half], compiled[half:])
        )
        params = tuple(value for _sql, values in compiled for value in values)
        return f"({left}) {self.sign} ({right})", params


def a_number(value: Scalar) -> None:
    """Refuse by ValueError what is no whole number."""
    if type(value) is not int:
        raise ValueError(value)


def a_text(value: Scalar) -> None:
    """Refuse by ValueError what is no text that PostgreSQL takes."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)


def a_day(value: Scalar) -> None:
    """Refuse by ValueError what is no date."""
    a_text(value)
    date.fromisoformat(str(value))


def _forms(rows: "QuerySet[Any, Row]", columns: Sequence[str]) -> Iterator["Form"]:
    """Yield the forms that the values of some columns have."""
    query = rows.query.clone()
    for name in columns:
        field = query.resolve_ref(name).output_field
        yield a_text if isinstance(field, CharField | TextField) else field.to_python


def _is_cursor(parts: object, forms: Sequence["Form"]) -> bool:
    if not isinstance(parts, list) or len(parts) != len(forms) + 1 or parts[0] not in (0, 1):
        return False
    if not all(isinstance(part, str | int) for part in parts):
        return False
    try:
        for form, part in zip(forms, parts[1:], strict=True):
            form(part)
    except (ValueError, ValidationError):
        return False
    return True


def _plain(value: object) -> Scalar:
    if isinstance(value, Model):
        return _plain(value.pk)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} cannot order a page")
