"""A running house for the tests that need all of it at once; each worker of xdist has its own."""

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from imas.embedded.notes import free_port
from imas.local import tls
from tests.running.house import ROOT, House, running_house, wait_until

_FIRST_REDIS_DATABASE = 4
"""Redis has sixteen; those before are the portal's and the other tests'."""


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[House]:
    """Yield a house with two months of the demo economy."""
    database = _FIRST_REDIS_DATABASE + int(worker_id.removeprefix("gw").replace("master", "0")) % 12
    redis = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{database}").geturl()
    folder = tmp_path_factory.mktemp("house")
    with running_house(folder, os.environ["DATABASE_URL"], redis) as started:
        started.manage("load_demo", "--months", "2")
        yield started


@pytest.fixture(scope="session")
def port(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve programs over TLS; yield the port."""
    port = free_port()
    issued, key = tls.certificate(tmp_path_factory.mktemp("server"))
    house.manage("make_ca", "--if-missing")
    command = [sys.executable, "-m", "gunicorn", "imas.wsgi", "--config", "imas/tls_server.py"]
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env={**house.environ, "TLS_CERTIFICATE": str(issued), "TLS_KEY": str(key)},
    )
    try:
        wait_until(lambda: _listens(port))
        yield port
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def trusted(port: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the server's certificate, as a program fetches it to trust the server."""
    path = tmp_path_factory.mktemp("trusted") / "server.crt"
    path.write_text(ssl.get_server_certificate(("localhost", port)))
    return path


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
