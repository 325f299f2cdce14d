"""A desk of a.VAZ that runs: its own process, its own file, spoken to over HTTP."""

import json
import os
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from django.contrib.auth.hashers import Argon2PasswordHasher

from avaz import codes, link
from imas.embedded.notes import free_port
from tests.running.house import ROOT, wait_until

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Desk:
    """Where the desk is and how to touch it."""

    url: str
    environ: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def secret(self) -> str:
        """What the main system signs with."""
        return self.environ["AVAZ_LINK_SECRET"]

    def manage(self, *arguments: str) -> None:
        """Run a management command of the desk."""
        command = [sys.executable, "-m", "imas.fallback.manage", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environ, check=True)

    def start(self, name: str, **more: str) -> None:
        """Start its web or its clock."""
        gunicorn = [sys.executable, "-m", "gunicorn", "imas.fallback.wsgi", "-k", "gthread"]
        command = {
            "web": [*gunicorn, "--threads=4", "-b", self.url.removeprefix("http://")],
            "clock": [sys.executable, "-m", "imas.fallback.manage", "avaz_clock"],
        }[name]
        with (Path(self.environ["AVAZ_DATABASE"]).parent / f"{name}.log").open("ab") as out:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environ, **more},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Kill one of them without a warning."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End what runs."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(timeout=30)

    def answers(self) -> bool:
        """Whether its pages are there."""
        try:
            return requests.get(self.url + "/healthz", timeout=5).ok
        except requests.RequestException:
            return False

    def ask(self, method: str, path: str, body: bytes = b"", **changed: Any) -> requests.Response:
        """Ask as the main system does; `secret`, `at` and `headers` may be others."""
        signed = link.signed(
            changed.get("secret", self.secret),
            at=changed.get("at", int(time.time())),
            method=method,
            path=path,
            body=body,
        )
        headers = {**signed, **changed.get("headers", {})}
        return requests.request(method, self.url + path, data=body, headers=headers, timeout=30)

    def tell(self, *accesses: Mapping[str, Any], last_arn: str = "") -> requests.Response:
        """Tell accesses as the main system does."""
        told = {"accesses": accesses, "last_arn": last_arn}
        return self.ask("POST", "/link/accesses", json.dumps(told).encode())

    def told(self, after: int = 0) -> dict[str, Any]:
        """What the main system would pull."""
        answer = self.ask("GET", f"/link/registrations?after={after}")
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body

    def text(self, sender: str, text: str, **changed: str) -> str:
        """Send a message by the HTTP gateway; what was answered."""
        answer = requests.get(
            f"{self.url}/sms/kannel",
            params={
                "key": self.environ["AVAZ_SMS_KEY"],
                "sender": sender,
                "receiver": "1882",
                "text": text,
                "id": uuid.uuid4().hex,
                **changed,
            },
            timeout=30,
        )
        answer.raise_for_status()
        return answer.text

    def change(self, statement: str) -> None:
        """Change what the desk's file holds."""
        with closing(sqlite3.connect(self.environ["AVAZ_DATABASE"], timeout=30)) as file, file:
            file.execute(statement)

    def asked(self, question: str) -> list[tuple[Any, ...]]:
        """What the desk's file answers."""
        with closing(sqlite3.connect(self.environ["AVAZ_DATABASE"], timeout=30)) as file:
            return file.execute(question).fetchall()

    def browser(self, language: str = "en") -> "Browser":
        """Somebody who comes to its pages."""
        return Browser(self.url, language)


class Browser:
    """A person at the pages, with cookies, without JavaScript."""

    def __init__(self, url: str, language: str) -> None:
        self.url, self.session = url, requests.Session()
        self.session.headers["Accept-Language"] = language

    def get(self, path: str) -> requests.Response:
        """Open a page."""
        return self.session.get(self.url + path, timeout=30)

    def post(self, path: str, **fields: str) -> requests.Response:
        """Send the form of a page."""
        found = _TOKEN.search(self.get(path).text)
        assert found, path
        body = {"csrfmiddlewaretoken": found[1], **fields}
        return self.session.post(
            self.url + path, data=body, headers={"Referer": self.url + path}, timeout=30
        )

    def sign_in(self, email: str, code: str) -> requests.Response:
        """Sign in."""
        return self.post("/sign-in/", email=email, code=code)

    def announce(self, number: str = "", **fields: str) -> requests.Response:
        """Announce a waybill, or several."""
        moment = time.strftime("%Y-%m-%dT%H:%M", time.localtime(time.time()))
        told = {"reason": "own", "trouble_from": moment, "send_by": "email", **fields}
        return self.post("/", number=number, **told)


def access(code: str, **changed: Any) -> dict[str, Any]:
    """An access as the main system tells it; its phone and address are its own."""
    serial = secrets.randbelow(10**7)
    user = changed.get("user", str(serial))
    hashed = Argon2PasswordHasher().encode(code, secrets.token_hex(8))
    return {
        "access": str(uuid.uuid4()),
        "version": 1,
        "is_open": True,
        "user": user,
        "taxpayer_code": f"{serial:09}",
        "taxpayer_name": "UAB „Siuntėjas“",
        "email": f"vairuotojas{serial}@example.lt",
        "phone": f"+3706{serial:07}",
        "language": "lt",
        "code": hashed,
        "drawer": codes.drawer_of(user, code),
        **changed,
    }


@contextmanager
def running_desk(folder: Path, **settings: str) -> Iterator[Desk]:
    """Yield a desk with an empty file; its clock is not started."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    desk = Desk(
        f"http://127.0.0.1:{port}",
        {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "TZ": "Europe/Vilnius",
            "AVAZ_URL": f"http://127.0.0.1:{port}",
            "AVAZ_SECRET_KEY": secrets.token_urlsafe(48),
            "AVAZ_LINK_SECRET": secrets.token_urlsafe(48),
            "AVAZ_SMS_KEY": secrets.token_urlsafe(24),
            "AVAZ_DATABASE": str(folder / "avaz.sqlite3"),
            "SITE_URL": "http://localhost:1",
            "STATIC_ROOT": str(folder / "static"),
            **settings,
        },
    )
    desk.manage("migrate", "--verbosity=0")
    desk.manage("collectstatic", "--noinput", "--verbosity=0")
    desk.start("web")
    try:
        wait_until(desk.answers)
        yield desk
    finally:
        desk.stop()
