"""One migrated, empty database per state of the migrations, which test databases are copied from.

Migrating a new database takes the better part of a minute, and a run of the suite needs a dozen;
a copy takes less than a second, and one on another server three.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import extensions

from imas import embedded
from imas.embedded import postgres
from imas.embedded.notes import recall, var_dir

ROOT = Path(__file__).resolve().parents[1]
_PREFIX = "imas_foundation_"
_GATE = 1_882_001
"""The key of the advisory lock: one builder at a time, however many workers start at once."""


def foundation(url: str) -> str:
    """Return the name of the database to copy from, on the server of the URL; made if missing.

    Those of other states of the migrations are dropped.
    """
    name = _PREFIX + _state()
    with _gate(url) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX])
        found = {row[0] for row in cursor.fetchall()}
        for other in found - {name}:
            cursor.execute(f'DROP DATABASE "{other}" WITH (FORCE)')
        if name not in found:
            _build(cursor, url, name)
    return name


def _build(cursor: extensions.cursor, url: str, name: str) -> None:
    # Under another name until it is whole: a killed builder leaves nothing that looks finished.
    unfinished = f"{_PREFIX}unfinished"
    cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{unfinished}"')
    furnish(_beside(url, unfinished))
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def furnish(url: str) -> None:
    """Bring an empty database to the state of the migrations, on whichever server it is.

    One of this run's own server is migrated; on another server it is copied from there.
    """
    own = os.environ["DATABASE_URL"]
    if _beside(url, "") == _beside(own, "") or not embedded.available():
        environ = {**os.environ, "DATABASE_URL": url}
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(command, cwd=ROOT, env=environ, check=True)
        return
    programs = postgres.binaries(recall(var_dir()))
    dump = [f"{programs}/pg_dump", "--no-owner", _beside(own, foundation(own))]
    dumped = subprocess.run(dump, check=True, capture_output=True).stdout
    restore = [f"{programs}/psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", url]
    subprocess.run(restore, input=dumped, check=True, stdout=subprocess.DEVNULL)


def _beside(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"


def _state() -> str:
    """A digest of what a migrated database depends on."""
    digest = hashlib.sha256()
    for pattern in ("*/migrations/*.py", "*/*/migrations/*.py", "imas/settings/*.py"):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    digest.update((ROOT / "requirements" / "base.txt").read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _gate(url: str) -> Iterator[extensions.cursor]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_GATE])
        yield cursor
