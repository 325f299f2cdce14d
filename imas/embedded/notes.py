"""What VAR_DIR remembers between starts: where the servers stand and their secrets."""

import fcntl
import json
import os
import secrets
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from imas.embedded.processes import choose_home

ACCOUNT_OF_ROOT = "nobody"
_OURS = range(10_000, 32_000)
"""Linux gives connections ports from 32 768 on, macOS and Windows from 49 152 (RFC 6335, 6)."""


@dataclass
class Notes:
    """The account is empty when the servers run as whoever starts them."""

    home: str
    account: str
    postgres_port: int
    redis_port: int
    password: str
    redis_password: str
    secret_key: str
    personal_data_key: str
    personal_lookup_key: str


_NAMES = {field.name for field in fields(Notes)}


def var_dir() -> Path:
    """Return the directory that keeps everything a local run owns."""
    return Path(os.environ.get("VAR_DIR") or "var").resolve()


def recall(var: Path) -> Notes:
    """Read the notes; the first reader writes them."""
    known = _read(var)
    if known.keys() != _NAMES:
        var.mkdir(parents=True, exist_ok=True, mode=0o711)
        with (var / "notes.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known = {**_first_notes(var), **_read(var)}
            remember(var, Notes(**known))
    return Notes(**known)


def remember(var: Path, notes: Notes) -> None:
    """Write the notes, readable by their owner only; a reader sees the old or the new, whole."""
    path = var / "embedded.json"
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(notes), indent=1))
    fresh.replace(path)


def environment(notes: Notes) -> dict[str, str]:
    """Return what the settings ask of the environment."""
    return {
        "DATABASE_URL": f"postgres://imas:{notes.password}@127.0.0.1:{notes.postgres_port}/imas",
        "REDIS_URL": f"redis://:{notes.redis_password}@127.0.0.1:{notes.redis_port}/0",
        "SECRET_KEY": notes.secret_key,
        "PERSONAL_DATA_KEYS": notes.personal_data_key,
        "PERSONAL_LOOKUP_KEY": notes.personal_lookup_key,
    }


def free_port() -> int:
    """Find a port nobody listens on, below those any program's outgoing connection may take."""
    while not port_is_free(port := secrets.choice(_OURS)):
        pass
    return port


def port_is_free(port: int) -> bool:
    """Tell whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def _read(var: Path) -> dict[str, Any]:
    try:
        found = json.loads((var / "embedded.json").read_text())
    except FileNotFoundError:
        return {}
    return {name: value for name, value in found.items() if name in _NAMES}


def _first_notes(var: Path) -> dict[str, Any]:
    account = ACCOUNT_OF_ROOT if os.geteuid() == 0 else ""
    notes = Notes(
        home=str(choose_home(var, account)),
        account=account,
        postgres_port=free_port(),
        redis_port=free_port(),
        password=secrets.token_urlsafe(24),
        redis_password=secrets.token_urlsafe(24),
        secret_key=secrets.token_urlsafe(48),
        personal_data_key=secrets.token_urlsafe(48),
        personal_lookup_key=secrets.token_urlsafe(48),
    )
    return asdict(notes)
