"""Statements whose plan a connection keeps: planning some of ours takes longer than answering them.

Nothing is kept of what they answer. They are prepared only where connections are kept: behind a
pooler the next statement may meet another process of the server, to which the name says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

_told: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""Names by the connection that knows them; they live and end with it."""


@dataclass(frozen=True)
class Prepared:
    """A SELECT with named parameters, `%(day)s`; `types` are theirs in SQL, each of them told."""

    name: str
    sql: str
    types: Mapping[str, str]

    def rows(self, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Ask for the rows, as one statement."""
        with connection.cursor() as cursor:
            if settings.DATABASE_PREPARES:
                self._prepare()
                cursor.execute(self._call, params)
            else:
                cursor.execute(self.sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    @property
    def _call(self) -> str:
        return f"EXECUTE {self.name} ({', '.join(f'%({one})s' for one in self.types)})"

    def _prepare(self) -> None:
        """Tell the connection, once; what is rolled back later does not take it away."""
        known = _told.setdefault(connection.connection, set())
        if self.name in known:
            return
        numbered = {one: f"${place}" for place, one in enumerate(self.types, start=1)}
        types = ", ".join(self.types.values())
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self.name} ({types}) AS {self.sql % numbered}")
        known.add(self.name)
