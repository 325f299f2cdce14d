"""The embedded servers come up, come back after a crash, and leave nothing behind."""

import os
import shutil
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from imas import embedded
from imas.embedded import servers
from imas.embedded.notes import free_port, port_is_free, recall, remember
from imas.embedded.processes import living

pytestmark = pytest.mark.skipif(not embedded.available(), reason="the wheels are not installed")


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A VAR_DIR of its own; as root its servers live elsewhere: pytest's folder is closed."""
    folder = tmp_path / "var"
    monkeypatch.setenv("VAR_DIR", str(folder))
    yield folder
    servers.stop()
    shutil.rmtree(recall(folder).home)


def _processes(var: Path) -> tuple[int, int]:
    home = Path(recall(var).home)
    return living(home / "postgres" / "postmaster.pid"), living(home / "redis" / "redis.pid")


def _execute(sql: str) -> object:
    connection = psycopg2.connect(embedded.environment()["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def test_servers_survive_a_kill_and_stop_without_a_trace(var: Path) -> None:
    with servers.running():
        first = _processes(var)
        _execute("CREATE TABLE kept AS SELECT 'ąžuolas' AS word")
        with servers.running():
            assert _processes(var) == first
        assert servers.are_up()
        for process in first:
            os.kill(process, signal.SIGKILL)
        _wait_until_gone(first)
        with servers.running():
            assert _processes(var) != first
            assert _execute("SELECT upper(word) FROM kept") == ("ĄŽUOLAS",)
            last = _processes(var)
        assert servers.are_up()
    assert not any(_lives(process) for process in last)
    assert _processes(var) == (0, 0)


def test_a_taken_port_is_left_to_its_owner(var: Path) -> None:
    notes = recall(var)
    notes.postgres_port = int(embedded_port())
    remember(var, notes)
    with servers.running():
        assert recall(var).postgres_port != notes.postgres_port
        assert _execute("SELECT 1") == (1,)


def embedded_port() -> str:
    """The port of the servers this suite runs on."""
    return os.environ["DATABASE_URL"].rpartition(":")[2].partition("/")[0]


def test_secrets_are_made_once_and_closed_to_others(var: Path) -> None:
    notes = recall(var)
    assert recall(var) == notes
    assert stat.S_IMODE((var / "embedded.json").stat().st_mode) == 0o600
    assert len(notes.secret_key) >= 50
    Path(notes.home).mkdir(parents=True)


def test_a_free_port_can_be_listened_on() -> None:
    assert port_is_free(free_port())


def _lives(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _wait_until_gone(processes: tuple[int, ...]) -> None:
    deadline = time.monotonic() + 10
    while any(_lives(process) for process in processes):
        assert time.monotonic() < deadline
        time.sleep(0.05)
