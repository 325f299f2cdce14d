"""The other side's server, in this process: keeps what it is told and answers as it should."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from joserfc import jwt

from accounts.sso import keys
from exchange.gateways import EVENT


@dataclass
class Listener:
    """What came, as claims with the header beside; `status` and `said` are what it answers."""

    url: str = ""
    status: int = 202
    said: Any = None
    came: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)

    @property
    def told(self) -> list[dict[str, Any]]:
        """The roles of each message that came."""
        return [claims["events"][EVENT] for claims, _ in self.came]


@contextmanager
def listening() -> Iterator[Listener]:
    """Yield a server that listens."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            token = jwt.decode(body, keys.signing_key(), algorithms=["RS256"])
            listener.came.append((dict(token.claims), {**token.header, **dict(self.headers)}))
            answer = json.dumps(listener.said).encode() if listener.said else b""
            self.send_response(listener.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    listener.url = f"http://localhost:{server.server_port}/roles"
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
