"""Rows written by COPY: what `bulk_create` does, for a small part of its work a row."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.options import Options

from imas.kernel.copying import NULL, escaped

_ROWS_AT_A_TIME = 50
_PLAIN = frozenset(
    {
        "BigAutoField", "BigIntegerField", "BooleanField", "DateField", "DateTimeField",
        "IntegerField", "PositiveIntegerField", "UUIDField",
    }
)  # fmt: skip
"""Fields whose values hold nothing, as text, that COPY would take for something else."""
# The values are trees that came as JSON or XML, so that no circle has to be looked for.
_dumps = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def copy_in(
    model: type[models.Model], names: tuple[str, ...], rows: Iterable[Sequence[Any]]
) -> None:
    """Write rows into a model's table in one statement; `names` are the attributes they give.

    Columns that are not named are numbered by the server or NULL: a model's defaults are not
    asked, nothing is validated and no signal is sent. Raises what the database raises. Rows are
    asked for while the server writes those before them, so that two cores have work.
    """
    columns, writers = _columns(model, names)
    told = (
        "\t".join([write(value) for write, value in zip(writers, row, strict=True)]) + "\n"
        for row in rows
    )
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {_table(model)} ({columns}) FROM STDIN", _Stream(told))


class _Stream:
    """Lines as the file that psycopg2 reads."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def read(self, _size: int) -> bytes:
        """Return some lines, however long; nothing when there are no more."""
        return "".join(islice(self._lines, _ROWS_AT_A_TIME)).encode()


@cache
def _columns(
    model: type[models.Model], names: tuple[str, ...]
) -> tuple[str, Sequence[Callable[[Any], str]]]:
    by_name = {field.attname: field for field in _options(model).concrete_fields}
    fields = [by_name[name] for name in names]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    return columns, [_writer(field) for field in fields]


def _options(model: type[models.Model]) -> Options[models.Model]:
    return model._meta  # noqa: SLF001 (documented: "Model _meta API")


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(_options(model).db_table)


def _writer(field: models.Field[Any, Any]) -> Callable[[Any], str]:
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, ArrayField):
        return _array
    pointed = field.target_field if isinstance(field, models.ForeignKey) else field
    return _value if pointed.get_internal_type() in _PLAIN else _text


def _json(value: Any) -> str:
    return escaped(_dumps(value))


def _array(values: Sequence[str]) -> str:
    return _array_of(tuple(values))


@lru_cache(maxsize=1024)
def _array_of(values: tuple[str, ...]) -> str:
    quoted = (value.replace("\\", r"\\").replace('"', r"\"") for value in values)
    return escaped("{" + ",".join([f'"{value}"' for value in quoted]) + "}")


def _text(value: Any) -> str:
    return NULL if value is None else escaped(str(value))


def _value(value: Any) -> str:
    return NULL if value is None else str(value)
