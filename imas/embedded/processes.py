"""Processes of the servers: who they run as, whether they live, how they end."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import psutil

START_SECONDS = 60
STOP_SECONDS = 30

# Servers outlive the call that started them, perhaps also this process; nobody waits for them here.
_children: list[subprocess.Popen[bytes]] = []


def launch(
    account: str, command: list[str], log: IO[bytes], *, cwd: Path
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, so that Ctrl-C reaches us and not it."""
    child = subprocess.Popen(  # noqa: S603 - our own command line, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        start_new_session=True,
        user=account or None,
        group=_group(account),
        extra_groups=[] if account else None,
        umask=0o077,
    )
    _children.append(child)
    return child


def keep_starting(
    name: str, start: Callable[[], subprocess.Popen[bytes]], answers: Callable[[], bool]
) -> None:
    """Start until it answers: right after a kill -9 the old shared memory lingers a moment."""
    deadline = time.monotonic() + START_SECONDS
    child = start()
    while not answers():
        if time.monotonic() > deadline:
            child.kill()
            raise SystemExit(f"{name} did not start in {START_SECONDS} s; VAR_DIR has its log.")
        if child.poll() is not None:
            time.sleep(0.5)
            child = start()
        time.sleep(0.05)


def living(pid_file: Path) -> int:
    """Return the process a pid file names if it still is that server; 0 when it is stale."""
    try:
        pid = int(pid_file.read_text().split()[0])
        process = psutil.Process(pid)
        name = "" if process.status() == psutil.STATUS_ZOMBIE else process.name()
    except (OSError, ValueError, IndexError, psutil.Error):
        return 0
    return pid if name.startswith(("postgres", "redis-server")) else 0


def end(pid: int, signal: int) -> None:
    """Ask a server to end, wait, then insist."""
    process = psutil.Process(pid)
    process.send_signal(signal)
    try:
        process.wait(timeout=STOP_SECONDS)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(timeout=STOP_SECONDS)
    for child in _children:
        child.poll()  # what we started here is told as well that it has ended


def choose_home(var: Path, account: str) -> Path:
    """VAR_DIR itself, or a folder of our own where the unprivileged account cannot get there.

    The permissions of nobody's folder are ever opened for it.
    """
    if not account or _may(account, 'cd "$1"', var):
        return var / "servers"
    digest = hashlib.sha256(str(var).encode()).hexdigest()[:12]
    return Path("/var/lib") / f"imas-{digest}"


def make_home(home: Path, account: str) -> None:
    """Make the folders of the servers, closed to everybody else."""
    for folder in (home, home / "postgres", home / "redis"):
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            give(folder, account)


def give(path: Path, account: str) -> None:
    """Hand a file or folder to the unprivileged account, if there is one."""
    if account:
        shutil.chown(path, account, _group(account))


def programs(package: str, folder: str, program: str, *, account: str, home: Path) -> Path:
    """Return a wheel's folder of programs, or its copy where the account cannot run them."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is missing: make setup, or give DATABASE_URL and REDIS_URL.")
    original = Path(spec.origin).parent / folder
    if not account or _may(account, '"$1" --version', original / program):
        return original
    copy = home / "programs" / package
    if not copy.exists():
        fresh = copy.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(original, fresh, symlinks=True)
        for path in (fresh.parent, fresh, *fresh.rglob("*")):
            give(path, account)
        fresh.replace(copy)
    return copy


def _group(account: str) -> int | None:
    return pwd.getpwnam(account).pw_gid if account else None


def _may(account: str, test: str, path: Path) -> bool:
    tried = subprocess.run(  # noqa: S603 - fixed shell text, the path is an argument
        ["/bin/sh", "-c", test, "sh", str(path)],
        user=account,
        group=_group(account),
        extra_groups=[],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return tried.returncode == 0
