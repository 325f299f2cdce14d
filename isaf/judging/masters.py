"""The parties of a master file by their identifiers, on disk: a file may hold a million."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from isaf.types import MasterParty, Party, PartyKind

_TABLE = """
CREATE TABLE party (
    kind TEXT, id TEXT, vat TEXT, code TEXT, country TEXT, name TEXT,
    many INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID
"""
_ADD = """
INSERT INTO party (kind, id, vat, code, country, name) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, id) DO UPDATE SET many = 1
WHERE (vat, code, country, name) <> (excluded.vat, excluded.code, excluded.country, excluded.name)
"""
_FIND = "SELECT vat, code, country, name FROM party WHERE kind = ? AND id = ? AND NOT many"


class MasterFile:
    """Writes the parties down; an identifier that means several parties will mean none."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(_TABLE)

    def add(self, masters: Iterable[MasterParty]) -> None:
        """Write down more parties, which may be looked up as soon as this returns."""
        with self._connection:
            self._connection.executemany(_ADD, (_row(master) for master in masters))

    def close(self) -> None:
        """Close the file; it stays."""
        self._connection.close()


class MasterIndex(Mapping[str, Party]):
    """The parties of one list by identifier; picklable, opened when first asked."""

    def __init__(self, path: Path, kind: PartyKind) -> None:
        self._path = path
        self._kind = kind
        self._connection: sqlite3.Connection | None = None
        self._find = lru_cache(maxsize=10_000)(self._read)

    def __reduce__(self) -> tuple[type["MasterIndex"], tuple[Path, PartyKind]]:
        return MasterIndex, (self._path, self._kind)

    def __getitem__(self, identifier: str) -> Party:
        found = self._find(identifier)
        if found is None:
            raise KeyError(identifier)
        return found

    def __iter__(self) -> Iterator[str]:
        rows = self._opened().execute(
            "SELECT id FROM party WHERE kind = ? AND NOT many", (self._kind,)
        )
        return (str(row[0]) for row in rows)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def close(self) -> None:
        """Let the file go; the next question opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self, identifier: str) -> Party | None:
        row = self._opened().execute(_FIND, (self._kind, identifier)).fetchone()
        return Party(identifier, *row) if row else None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
        return self._connection


def _row(master: MasterParty) -> tuple[str, ...]:
    party = master.party
    return (
        master.kind,
        party.party_id,
        party.vat_code,
        party.registration_code,
        party.country,
        party.name,
    )
