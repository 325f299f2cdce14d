"""The ground benches stand on: embedded servers of their own, migrated, never the user's data."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LET_TRUNCATE = r"""
DO $$ DECLARE fence record; BEGIN
    FOR fence IN SELECT tgrelid::regclass AS held, tgname FROM pg_trigger
                  WHERE tgname LIKE '%\_no\_truncate' LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', fence.held, fence.tgname);
    END LOOP;
END $$
"""


@contextmanager
def ground() -> Iterator[Path]:
    """Servers up and migrated for as long as the block lasts; yields the directory for files."""
    os.environ.setdefault("VAR_DIR", str(Path("var") / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imas.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    # Imported here: both read VAR_DIR when they are first used.
    import django

    from imas.embedded import servers
    from imas.embedded.notes import var_dir

    with servers.running():
        manage("migrate", "--verbosity", "0")
        django.setup()
        files = var_dir() / "files"
        files.mkdir(parents=True, exist_ok=True)
        yield files


def manage(*arguments: str) -> None:
    """Run a command of ours in a process of its own: what it loads is not counted as ours."""
    subprocess.run([sys.executable, "manage.py", *arguments], check=True)


def empty() -> None:
    """Empty every table, the partitioned ones that Django does not manage too."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection

    tables = (model._meta for model in apps.get_models())  # noqa: SLF001 - Django's model API
    unmanaged = [table.db_table for table in tables if not table.managed]
    with connection.cursor() as cursor:
        cursor.execute(_LET_TRUNCATE)
        cursor.execute(f"TRUNCATE {', '.join(unmanaged)}")
    call_command("flush", interactive=False, verbosity=0)
