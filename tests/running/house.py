"""The whole house, running: web server, worker, beat, mail catcher, a database of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default as policy
from pathlib import Path
from typing import TypeVar

import psycopg2
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from imas.embedded.notes import free_port
from tests.foundation import foundation

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
T = TypeVar("T")


class Letters:
    """Mail as it really came over SMTP."""

    def __init__(self) -> None:
        self.received: list[Message] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a letter (the name is given by aiosmtpd)."""
        content = envelope.original_content or b""
        self.received.append(BytesParser(policy=policy).parsebytes(content))
        return "250 Kept"

    def wait_for(self, address: str) -> EmailMessage:
        """Return the newest letter to an address; wait for it to come."""
        found = wait_until(lambda: [x for x in self.received if address in str(x["To"])])
        letter = found[-1]
        assert isinstance(letter, EmailMessage)
        return letter


@dataclass
class House:
    """Where the running house is and how to touch it."""

    url: str
    environ: Mapping[str, str]
    letters: Letters
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def password(self) -> str:
        """The password of the demo logins, as printed."""
        printed = (Path(self.environ["VAR_DIR"]) / "demo.txt").read_text(encoding="utf-8")
        return printed.split()[1]

    def manage(self, *arguments: str) -> str:
        """Run a management command of this house and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=dict(self.environ),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Ask this house's database, or change what the house cannot."""
        connection = psycopg2.connect(self.environ["DATABASE_URL"])
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(statement, values)
            found = list(cursor.fetchall())
            connection.commit()
            return found

    def start(self, name: str) -> None:
        """Start one of web, worker and beat."""
        command = _commands(self.environ)[name]
        log = Path(self.environ["VAR_DIR"]) / f"{name}.log"
        with log.open("ab") as out:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(self.environ),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Kill one of them and all its children, without a warning."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def forget_the_queue(self) -> None:
        """Empty this house's Redis."""
        redis.Redis.from_url(self.environ["REDIS_URL"]).flushdb()


def wait_until(ask: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Ask again until the answer is true; return it."""
    until = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < until, "It did not come true in time."
        time.sleep(0.1)
    return answer


@contextmanager
def running_house(folder: Path, database_url: str, redis_url: str, **more: str) -> Iterator[House]:
    """Yield a house that runs, migrated and without data; nothing of it is left afterwards."""
    with ExitStack() as stack:
        database = stack.enter_context(_database(database_url))
        letters, mail_port = stack.enter_context(_post_office())
        port = free_port()
        house = House(
            f"http://localhost:{port}",
            {
                **os.environ,
                "DATABASE_URL": database,
                "REDIS_URL": redis_url,
                "VAR_DIR": str(folder),
                "PORT": str(port),
                "SITE_URL": f"http://localhost:{port}",
                "EMAIL_HOST": "127.0.0.1",
                "EMAIL_PORT": str(mail_port),
                "STATIC_ROOT": str(folder / "static"),
                "UPLOAD_DIR": str(folder / "uploads"),
                "PYTHONPATH": str(ROOT),
                "DEMO": "true",
                "SWEEP_SECONDS": "5",
                "INTAKE_LEASE_SECONDS": "15",
                "INTAKE_HEARTBEAT_SECONDS": "1",
                **more,
            },
            letters,
        )
        (folder / "uploads").mkdir()
        house.forget_the_queue()
        house.manage("collectstatic", "--noinput", "--verbosity=0")
        stack.callback(_stop_all, house)
        for name in ("web", "worker", "beat"):
            house.start(name)
        wait_until(lambda: _answers(house.url + "/readyz"))
        yield house


@contextmanager
def _database(url: str) -> Iterator[str]:
    name = f"house_{os.getpid()}"
    _execute(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _execute(url, f'CREATE DATABASE "{name}" TEMPLATE "{foundation(url)}"')
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        _execute(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _execute(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def _post_office() -> Iterator[tuple[Letters, int]]:
    letters, port = Letters(), free_port()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield letters, port
    finally:
        controller.stop()


def _commands(environ: Mapping[str, str]) -> dict[str, list[str]]:
    celery = [sys.executable, "-m", "celery", "-A", "imas"]
    worker = [*celery, "worker", "-P", "threads", "-c", "4", "-Q", "intake,checks,mail,webhooks"]
    gunicorn = [sys.executable, "-m", "gunicorn", "imas.wsgi", "-k", "gthread", "--threads=4"]
    gunicorn += ["--keep-alive=75"]
    return {
        "web": [*gunicorn, "-b", f"127.0.0.1:{environ['PORT']}"],
        "worker": worker,
        "second worker": [*worker, "-n", "second@%h"],
        "beat": [*celery, "beat", "-s", f"{environ['VAR_DIR']}/beat"],
    }


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _stop_all(house: House) -> None:
    for name in list(house.processes):
        house.kill(name)
    shutil.rmtree(house.environ["VAR_DIR"], ignore_errors=True)
