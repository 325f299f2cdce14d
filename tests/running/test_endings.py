"""Whoever ends `make run`, and however: nothing of it is left running."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from imas import embedded
from imas.embedded.notes import free_port, recall
from tests.running.house import ROOT, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not embedded.available(), reason="the wheels are not installed"),
]


def _interrupt_make(make: psutil.Process) -> None:
    make.send_signal(signal.SIGINT)


def _terminate_make(make: psutil.Process) -> None:
    make.terminate()


def _kill_make(make: psutil.Process) -> None:
    make.kill()


def _close_the_terminal(make: psutil.Process) -> None:
    os.killpg(make.pid, signal.SIGHUP)


def _kill_the_run(make: psutil.Process) -> None:
    make.children()[0].kill()


AS_A_TERMINAL = """
import os, signal
for name in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    signal.signal(name, signal.SIG_DFL)
os.execvp("make", ["make", "--old-file=setup", "run"])
"""
"""A job of a script ignores SIGINT, and so would everything started by this suite."""

STARTING = 400
"""Seconds a first start may take on a busy machine: it makes the database and migrates it."""

_TOLD_LINES = 60
"""Of what a run said, shown with a test that failed."""

_PROGRAMS = (
    *("imas.wsgi", "worker", "tls_server", "beat", "imas.local.mail", "imas.local.bank"),
    *("imas.local.systems", "imas.local.sms", "imas.fallback.wsgi", "avaz_clock"),
)
"""Words of the commands in the Procfile, one for each."""

ENDINGS = [
    _interrupt_make,
    _terminate_make,
    _kill_make,
    _close_the_terminal,
    _kill_the_run,
]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A VAR_DIR whose demo economy is said to be there: these tests need none."""
    folder = tmp_path_factory.mktemp("endings") / "var"
    folder.mkdir()
    (folder / "demo.loaded").touch()
    yield folder
    shutil.rmtree(recall(folder).home)


def test_root_is_told_plainly_and_ctrl_c_ends_it(var: Path) -> None:
    log = var / "make.log"
    log.unlink(missing_ok=True)
    with make_run(var) as (make, url):
        wait_until(lambda: answers(url) and "ready." in log.read_text(), seconds=STARTING)
        assert "SecurityWarning" not in log.read_text()
        assert ("the house runs as root" in log.read_text()) == (os.geteuid() == 0)
        os.killpg(make.pid, signal.SIGINT)
        wait_until(lambda: not processes_of(var) and not _lives(make), seconds=30)


@pytest.mark.parametrize("end", ENDINGS)
def test_it_ends_whole(end: Callable[[psutil.Process], None], var: Path) -> None:
    with make_run(var) as (make, _url):
        wait_until(lambda: {*_PROGRAMS} <= _running(var), seconds=STARTING)
        end(make)
        wait_until(lambda: not processes_of(var), seconds=30)
        wait_until(lambda: not _lives(make), seconds=5)


def test_it_ends_whole_while_it_is_being_prepared(var: Path) -> None:
    with make_run(var) as (make, _url):
        wait_until(lambda: any("prepare_run" in _command(process) for process in processes_of(var)))
        _interrupt_make(make)
        wait_until(lambda: not processes_of(var) and not _lives(make), seconds=30)


@contextmanager
def make_run(var: Path) -> Iterator[tuple[psutil.Process, str]]:
    """Yield make as a terminal starts it: heading a group of its own, with nothing ignored."""
    port = free_port()
    given = {"VAR_DIR": str(var), "PORT": str(port), "PYTHONPATH": str(ROOT)}
    ours = {"DATABASE_URL", "REDIS_URL", "EMAIL_PORT", "MAKEFLAGS", "TEST_RUN"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    log = (var / "make.log").open("ab")
    make = subprocess.Popen(
        [sys.executable, "-c", AS_A_TERMINAL],
        cwd=ROOT,
        env={**environment, **given},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        yield psutil.Process(make.pid), f"http://127.0.0.1:{port}/healthz"
    finally:
        for process in processes_of(var):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        make.wait()
        log.close()
        sys.stderr.writelines(Path(log.name).read_text().splitlines(keepends=True)[-_TOLD_LINES:])


def processes_of(var: Path) -> list[psutil.Process]:
    """Everything that was told of this VAR_DIR or has its files in its command line."""
    home = recall(var).home
    return [process for process in psutil.process_iter() if _belongs(process, var, home)]


def _belongs(process: psutil.Process, var: Path, home: str) -> bool:
    with suppress(psutil.Error):
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.environ().get("VAR_DIR") == str(var) or home in _command(process)
    return False


def _running(var: Path) -> set[str]:
    """The programs of the house that have been started, whether they answer yet or not."""
    commands = [_command(process) for process in processes_of(var)]
    return {one for one in _PROGRAMS for command in commands if one in command}


def _command(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
        return bool(answer.status == 200)
    time.sleep(0.2)
    return False
