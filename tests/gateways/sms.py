"""A small gateway of a mobile operator: `python -m tests.gateways.sms PORT`.

It takes messages from whoever has the token, sends one id once, and answers as it is told by POST
/behave. GET /sent tells what would have come to phones.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "token-of-the-gateway"


class Gateway(ThreadingHTTPServer):
    """What the gateway remembers."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.behaviour: dict[str, Any] = {}
        self.sent: dict[str, dict[str, str]] = {}
        self.asked = 0


class Handler(BaseHTTPRequestHandler):
    """The addresses of the gateway."""

    server: Gateway

    def do_GET(self) -> None:
        sent = [*self.server.sent.values()]
        self._json(200, {"sent": sent, "asked": self.server.asked})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/behave":
            self.server.behaviour = json.loads(body)
            if self.server.behaviour.pop("forget", False):
                self.server.sent, self.server.asked = {}, 0
            self._json(200, {})
            return
        self.server.asked += 1
        status = self._status(body)
        if self.server.behaviour.get("loses_answer"):
            self.close_connection = True
            return
        self._json(status, {"said": "x" * self.server.behaviour.get("words", 0)})

    def _status(self, body: bytes) -> int:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401
        time.sleep(self.server.behaviour.get("sleeps", 0))
        status = int(self.server.behaviour.get("status", 202))
        message = json.loads(body)
        if status < 300 and self.headers.get("Idempotency-Key") == message["id"]:
            self.server.sent.setdefault(message["id"], message)
        return status

    def log_message(self, *_: object) -> None:
        pass

    def _json(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        if status in (301, 302, 307):
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    Gateway(int(sys.argv[1])).serve_forever()
