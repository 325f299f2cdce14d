"""A run ends whole, whoever ends it and however: its guard watches it and outlives it.

Three ends need one: make keeps a SIGINT to itself and waits for its child for ever, a killed make
leaves its child behind, and a killed run cleans nothing up.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from imas.embedded import servers
from imas.embedded.notes import var_dir

ROOT = Path(__file__).resolve().parents[2]
MARK = "IMAS_RUN"
"""Every process of a run has its VAR_DIR under this name in the environment; the guard has not."""
PATIENCE_SECONDS = 15
LOOK_SECONDS = 0.25


@contextmanager
def only_one(var: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the VAR_DIR; a run that is just being cleared away is waited for."""
    var.mkdir(parents=True, exist_ok=True, mode=0o711)
    until = time.monotonic() + patience
    with (var / "run.lock").open("a") as lock:
        while not _held(lock.fileno()):
            if time.monotonic() > until:
                raise SystemExit(
                    f"i.MAS already runs with {var}. Another VAR_DIR and PORT run beside it."
                )
            time.sleep(0.1)
        yield


@contextmanager
def guarded() -> Iterator[None]:
    """Have a guard for as long as the block lasts; it needs none of our signals."""
    environment = {name: value for name, value in os.environ.items() if name != MARK}
    command = [sys.executable, "-m", "imas.local.guard", str(os.getpid())]
    guard = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        guard.terminate()
        guard.wait()


def end_leftovers(var: Path) -> None:
    """End what carries the mark of a run and is not this process; the lock must be held."""
    left = [process for process in psutil.process_iter() if _is_of(process, var)]
    for process in left:
        _send(process, signal.SIGTERM)
    _gone, stubborn = psutil.wait_procs(left, timeout=10)
    for process in stubborn:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=10)


@dataclass(frozen=True, slots=True)
class Make:
    """A make that waits for the run."""

    process: psutil.Process
    listened: bool

    def is_ending(self) -> bool:
        """Whether it is gone, or was interrupted: it then listens to no second interrupt."""
        if not self.process.is_running() or self.process.status() == psutil.STATUS_ZOMBIE:
            return True
        return self.listened and not _listens(self.process.pid)


def makes_above(pid: int) -> list[Make]:
    """Every make between a process and whatever called the first one."""
    found = []
    with suppress(psutil.Error):
        for parent in psutil.Process(pid).parents():
            if parent.name() not in {"make", "gmake"}:
                break
            found.append(Make(parent, _listens(parent.pid)))
    return found


def main(run: int) -> int:
    """Pass on what make keeps to itself; when the run is gone, end what it could not."""
    var, makes = var_dir(), makes_above(run)
    while os.getppid() == run:
        if any(make.is_ending() for make in makes):
            os.kill(run, signal.SIGTERM)
            makes = []
        time.sleep(LOOK_SECONDS)
    with suppress(SystemExit), only_one(var, patience=0):
        end_leftovers(var)
    if "DATABASE_URL" not in os.environ:
        servers.stop_unless_used()
    return 0


def _listens(pid: int) -> bool:
    """Whether the process has a handler for SIGINT; False where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGINT - 1) & 1)


def _held(lock: int) -> bool:
    """Take the lock; unlike `flock` it does not stay with the forks of a run that was killed."""
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _is_of(process: psutil.Process, var: Path) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get(MARK) == str(var)
    except psutil.Error:
        return False


def _send(process: psutil.Process, name: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(name)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
