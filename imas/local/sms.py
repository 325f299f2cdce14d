"""`python -m imas.local.sms PORT`: takes the short messages of a local run and keeps them as files.

It stands in for the gateway of a mobile operator, on this machine only.
"""

import hmac
import json
import os
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from imas.embedded.notes import var_dir
from imas.kernel import clock

_LARGEST = 16 * 1024


class Catcher(ThreadingHTTPServer):
    """Writes every message to a folder as `<time>-<to>.txt`, newest last; an id comes once."""

    def __init__(self, port: int, folder: Path, token: str) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.folder, self.token = folder, token
        self.taken: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, message: dict[str, Any]) -> None:
        """Keep the message and tell the terminal that it came."""
        if message["id"] in self.taken:
            return
        self.taken.add(message["id"])
        to = re.sub(r"[^0-9+]+", "_", message["to"])
        path = self.folder / f"{clock.now():%Y%m%dT%H%M%S.%f}-{to}.txt"
        fresh = path.with_suffix(".new")
        fresh.write_text(message["text"], encoding="utf-8")
        fresh.replace(path)
        sys.stdout.write(f"{message['to']}: {message['text']} ({path})\n")
        sys.stdout.flush()


class Handler(BaseHTTPRequestHandler):
    """One address that takes messages from whoever has the token."""

    server: Catcher

    def do_POST(self) -> None:
        """Take one message."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), _LARGEST))
        if not hmac.compare_digest(
            self.headers.get("Authorization", ""), f"Bearer {self.server.token}"
        ):
            self._answer(401)
            return
        message = _message(body)
        if message is None:
            self._answer(422)
            return
        self.server.keep(message)
        self._answer(202)

    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _message(body: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(body)
    except ValueError:
        return None
    is_whole = isinstance(message, dict) and all(
        isinstance(message.get(name), str) and message[name] for name in ("id", "to", "text")
    )
    return message if is_whole else None


if __name__ == "__main__":
    token = os.environ["SMS_GATEWAY_TOKEN"]
    Catcher(int(sys.argv[1]), var_dir() / "sms", token).serve_forever()
