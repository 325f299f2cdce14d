"""A web process that is killed while it takes a file in leaves nothing for ever."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2
import pytest

from demo.people import companies
from tests.running.house import House, wait_until
from tests.running.registers import company_register
from tests.running.rest import Program, program_of

pytestmark = pytest.mark.slow

SENDER = 14
DAY = 24 * 3600


@pytest.fixture
def web(house: House) -> Iterator[None]:
    """Have the web process running again whatever happens."""
    yield
    if "web" not in house.processes:
        house.start("web")
    wait_until(lambda: _listens(house))


@pytest.mark.usefixtures("web")
def test_bytes_that_were_still_coming_are_gone_with_the_process(house: House) -> None:
    program = program_of(house, companies()[SENDER].code)
    with closing(socket.create_connection(_address(house))) as line:
        line.sendall(_head(program, 50_000_000) + b"<a>" + b" " * 20_000_000)
        wait_until(lambda: _open_files(house, at_least=10_000_000))
        house.kill("web")
    assert _named_uploads(house) == []


@pytest.mark.usefixtures("web")
def test_bytes_that_no_row_owns_are_cleared_when_they_are_old(house: House) -> None:
    code = companies()[SENDER].code
    program = program_of(house, code)
    kept = program.send(company_register(SENDER))
    assert kept.status == 202, kept
    before = _stored(house)

    _kill_between_bytes_and_row(house, program)
    (orphan,) = _stored(house) - before
    _clear(house)
    assert _stored(house) == {*before, orphan}

    for path in _stored(house):
        os.utime(path, times=(time.time() - 2 * DAY,) * 2)
    _clear(house)
    assert _stored(house) == before


def _kill_between_bytes_and_row(house: House, program: Program) -> None:
    """Hold the taxpayer's row, so that the bytes are stored and the row must wait."""
    lock = "SELECT 1 FROM representation_taxpayer WHERE code = %s FOR UPDATE"
    before = _stored(house)
    with closing(psycopg2.connect(house.environ["DATABASE_URL"])) as holder:
        holder.cursor().execute(lock, [program.taxpayer])
        content = company_register(SENDER).replace(b"</iSAFFile>", b"<!-- --></iSAFFile>")
        sending = _in_background(lambda: program.send(content))
        wait_until(lambda: len(_stored(house) - before) == 1)
        house.kill("web")
        sending.join()


def _in_background(act: Callable[[], object]) -> threading.Thread:
    def quietly() -> None:
        with suppress(OSError):
            act()

    thread = threading.Thread(target=quietly)
    thread.start()
    return thread


def _stored(house: House) -> set[Path]:
    """Whole files of the storage."""
    folder = Path(house.environ["VAR_DIR"], "documents")
    return {path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part"}


def _clear(house: House) -> None:
    house.manage("shell", "--command", "from intake import services; services.clear_storage()")


def _address(house: House) -> tuple[str, int]:
    parts = urlsplit(house.url)
    return str(parts.hostname), int(parts.port or 0)


def _listens(house: House) -> bool:
    with suppress(OSError), closing(socket.create_connection(_address(house), timeout=2)):
        return True
    return False


def _head(program: Program, size: int) -> bytes:
    return (
        "POST /api/v1/isaf/files HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {program.key}\r\nX-Taxpayer: {program.taxpayer}\r\n"
        f"Content-Type: application/xml\r\nContent-Length: {size}\r\n\r\n"
    ).encode()


def _open_files(house: House, at_least: int) -> list[int]:
    """Sizes of the large files the web processes hold open, whether they have a name or not."""
    web = psutil.Process(house.processes["web"].pid)
    found = []
    for process in (web, *web.children(recursive=True)):
        for handle in Path(f"/proc/{process.pid}/fd").iterdir():
            with suppress(OSError):
                found.append(handle.stat().st_size)
    return [size for size in found if size >= at_least]


def _named_uploads(house: House) -> list[Path]:
    return list(Path(house.environ["UPLOAD_DIR"]).iterdir())
