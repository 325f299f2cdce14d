"""One row by a unique column, in SQL that is written once: Django writes it at each request."""

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model
from django.db.models.options import Options

from imas.web.prepared import Prepared

M = TypeVar("M", bound=Model)


class Lookup(Generic[M]):
    """Finds rows of a model by a unique field, with the row that a foreign key of it names.

    The same as `objects.select_related(beside).filter(**{by: value}).first()`.
    """

    def __init__(self, model: type[M], by: str, beside: str = "") -> None:
        self._model = model
        self._by = by
        self._beside = beside

    def find(self, value: object) -> M | None:
        """Return the row with this value, or None; one query."""
        rows = self._statement.rows({"value": value})
        if not rows:
            return None
        own = len(_options(self._model).concrete_fields)
        found = _made(self._model, rows[0][:own])
        if self._beside:
            setattr(found, self._beside, _made(self._other, rows[0][own:]))
        return found

    @cached_property
    def _other(self) -> type[Model]:
        other: type[Model] = self._link.related_model
        return other

    @property
    def _link(self) -> Any:
        return _options(self._model).get_field(self._beside)

    @cached_property
    def _statement(self) -> Prepared:
        """Written at the first question: models are all there then."""
        options = _options(self._model)
        field: Any = options.get_field(self._by)
        columns, joined = _columns(self._model, "own"), ""
        if self._beside:
            other, link = _options(self._other), self._link
            columns += _columns(self._other, "beside")
            matching = f'beside."{other.pk.column}" = own."{link.column}"'
            joined = f'JOIN "{other.db_table}" beside ON {matching}'
        asked = f'"{options.db_table}" own {joined} WHERE own."{field.column}" = %(value)s'
        sql = f"SELECT {', '.join(columns)} FROM {asked}"  # noqa: S608 - names of models alone
        return Prepared(
            f"{options.db_table}_by_{self._by}", sql, {"value": field.db_type(connection)}
        )


def _made(model: type[M], row: Sequence[Any]) -> M:
    """Make an instance as Django does of what the database gives."""
    values = list(row)
    for place, column, convert in _converters(model):
        values[place] = convert(values[place], column, connection)
    names = [field.attname for field in _options(model).concrete_fields]
    return model.from_db(connection.alias, names, values)


def _columns(model: type[Model], table: str) -> list[str]:
    return [f'{table}."{field.column}"' for field in _options(model).concrete_fields]


@cache
def _converters(model: type[Model]) -> tuple[tuple[int, Any, Any], ...]:
    """What turns values of the database into values of fields: the place, the column, by what."""
    return tuple(_conversions(model))


def _conversions(model: type[Model]) -> Iterator[tuple[int, Any, Any]]:
    for place, field in enumerate(_options(model).concrete_fields):
        column = field.get_col(_options(model).db_table)
        for convert in connection.ops.get_db_converters(column):
            yield place, column, convert
        for convert in column.get_db_converters(connection):
            yield place, column, convert


def _options(model: type[Model]) -> Options[Any]:
    return model._meta  # noqa: SLF001 (documented: "Model _meta API")
