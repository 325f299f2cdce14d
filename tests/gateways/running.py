"""Starts a gateway as a process of its own and waits until it answers."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from imas.embedded.notes import free_port
from tests.running.house import wait_until

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def gateway(module: str, *arguments: str, port: int = 0) -> Iterator[str]:
    """Yield the address of a running gateway; it is gone afterwards."""
    port = port or free_port()
    process = subprocess.Popen([sys.executable, "-m", module, str(port), *arguments], cwd=ROOT)
    try:
        wait_until(lambda: _listens(port))
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def tell(url: str, **said: Any) -> None:
    """Tell a gateway how to behave."""
    body = json.dumps(said).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/behave", body)) as answer:
        answer.read()


def _listens(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://localhost:{port}/", timeout=1).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
