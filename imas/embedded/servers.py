"""Both servers together: up, down, and shared by several users at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imas.embedded import postgres, redis
from imas.embedded.notes import recall, var_dir
from imas.embedded.processes import make_home


@contextmanager
def running() -> Iterator[None]:
    """Keep the servers up for as long as the block lasts; the last of several users stops them.

    A user is an open file lock, so one that was killed counts no longer.
    """
    var = var_dir()
    with _gate(var):
        lease = (var / "embedded.users").open("a")
        fcntl.flock(lease, fcntl.LOCK_SH)
        _start(var)
    try:
        yield
    finally:
        lease.close()
        stop_unless_used()


def start() -> None:
    """Bring both servers up and leave them up until `stop`."""
    var = var_dir()
    with _gate(var):
        (var / "embedded.keep").touch()
        _start(var)


def stop() -> None:
    """Take both servers down, whoever uses them."""
    var = var_dir()
    with _gate(var):
        (var / "embedded.keep").unlink(missing_ok=True)
        _stop(var)


def stop_unless_used() -> None:
    """Take both servers down when nobody uses them any more and nobody asked to keep them."""
    var = var_dir()
    with _gate(var):
        if not (var / "embedded.keep").exists() and not _is_used(var):
            _stop(var)


def are_up() -> bool:
    """Tell whether both servers of this VAR_DIR let us in."""
    notes = recall(var_dir())
    return postgres.answers(notes) and redis.answers(notes)


def _start(var: Path) -> None:
    notes = recall(var)
    make_home(Path(notes.home), notes.account)
    redis.start(var, notes)
    postgres.start(var, notes)


def _stop(var: Path) -> None:
    notes = recall(var)
    redis.stop(notes)
    postgres.stop(notes)


@contextmanager
def _gate(var: Path) -> Iterator[None]:
    """One starter or stopper at a time per VAR_DIR."""
    var.mkdir(parents=True, exist_ok=True, mode=0o711)
    with (var / "embedded.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_used(var: Path) -> bool:
    with (var / "embedded.users").open("a") as lease:
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
