"""A real HTTP server that is called by webhooks."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What came, and how the server is to answer."""

    url: str = ""
    status: int = 204
    words: bytes = b""
    location: str = ""
    drips: bool = False
    drips_body: bool = False
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def told(self) -> list[dict[str, Any]]:
        """The bodies that came, in order."""
        return [json.loads(body) for _headers, body in self.calls]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A server on a port of its own."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.calls.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self._drip(receiver.drips)
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header(
                "Content-Length", "600" if receiver.drips_body else str(len(receiver.words))
            )
            self.end_headers()
            self._drip(receiver.drips_body)
            self.wfile.write(receiver.words)

        def _drip(self, is_slow: bool) -> None:
            for _ in range(600 if is_slow else 0):
                self.wfile.write(b"x")
                time.sleep(0.1)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook?a=1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    server.server_close()
    thread.join()
