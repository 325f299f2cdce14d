"""PostgreSQL killed in the middle of a file: no row twice, none missing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from imas import embedded
from imas.embedded import servers
from imas.embedded.notes import recall
from imas.embedded.processes import living
from tests.foundation import furnish

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not embedded.available(), reason="the wheels are not installed"),
]

ROOT = Path(__file__).resolve().parents[2]
MANY = 60_000
"""So many that the file is still being judged when the first rows have been seen."""

SEND = f"""
from tests.isaf.files import IsafFile, Sold, send
from tests.make import make_acting
acting = make_acting()
sales = [Sold(f"A {{n}}") for n in range({MANY})]
send(acting, IsafFile(acting.taxpayer_code, sales=sales))
"""
JUDGE = """
from intake import services
from intake.models import Document
services.process(Document.objects.get().pk)
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of servers of its own, which may be killed."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    servers.start()
    furnish(embedded.environment()["DATABASE_URL"])
    yield _environment()
    servers.stop()
    shutil.rmtree(recall(tmp_path / "var").home)


def test_a_file_whose_database_was_killed_is_accepted_once(
    house: dict[str, str], tmp_path: Path
) -> None:
    assert _python(SEND, house).wait(180) == 0
    worker = _python(JUDGE, house)
    rows = _rows_that_came(worker)
    _kill_postgres(tmp_path / "var")
    assert worker.wait(120) != 0
    assert 0 < rows < MANY

    servers.start()
    assert _ask("SELECT count(*) FROM isaf_register") == [(0,)]
    _ask("UPDATE intake_document SET heartbeat_at = now() - interval '1 hour' RETURNING 1")
    assert _python(JUDGE, _environment()).wait(180) == 0
    assert _ask("SELECT state FROM intake_document") == [("ACCEPTED",)]
    kept = "SELECT count(*), count(DISTINCT number), count(DISTINCT part_id) FROM isaf_invoice"
    assert _ask(kept) == [(MANY, MANY, 1)]
    assert _ask("SELECT count(*) FROM isaf_tax_row") == [(MANY,)]
    assert _ask("SELECT count(*) FROM isaf_register") == [(2,)]


def _environment() -> dict[str, str]:
    return {**os.environ, **embedded.environment(), "DJANGO_SETTINGS_MODULE": "imas.settings"}


def _python(script: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", f"import django; django.setup(){script}"]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def _rows_that_came(worker: subprocess.Popen[bytes]) -> int:
    connection = psycopg2.connect(embedded.environment()["DATABASE_URL"])
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        for _ in range(6000):
            cursor.execute("SELECT count(*) FROM isaf_invoice")
            ((rows,),) = cursor.fetchall()
            if rows:
                return int(rows)
            assert worker.poll() is None
            time.sleep(0.005)
    raise AssertionError("The worker stored nothing.")


def _kill_postgres(var: Path) -> None:
    postmaster = psutil.Process(living(Path(recall(var).home) / "postgres" / "postmaster.pid"))
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):  # a backend whose postmaster is gone ends by itself
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)


def _ask(sql: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(embedded.environment()["DATABASE_URL"])
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    finally:
        connection.close()
