"""A small AIS: `python -m tests.gateways.ais PORT ISSUER CLIENT SECRET FILE`.

The pretended AIS of a local run, which obeys at /behave: `down` answers 503 where roles
are told, `refuse` refuses them in these words.
"""

import json
import sys
from http import HTTPStatus
from pathlib import Path

from imas.local.systems.ais import Ais
from imas.local.systems.server import Refused


class BehavingAis(Ais):
    """Takes orders of a test."""

    down = False
    refusal = ""
    error = "invalid_request"

    def take(self, path: str, body: str) -> int:
        """Obey, or take roles as it was told to."""
        if path == "/behave":
            told = json.loads(body)
            self.down, self.refusal = told.get("down", False), told.get("refuse", "")
            self.error = told.get("error", "invalid_request")
            return HTTPStatus.OK
        if path == "/roles" and self.down:
            return HTTPStatus.SERVICE_UNAVAILABLE
        if path == "/roles" and self.refusal:
            raise Refused(self.error, self.refusal)
        return super().take(path, body)


if __name__ == "__main__":
    port, issuer, client, secret, file = sys.argv[1:6]
    BehavingAis(int(port), issuer, client, secret, "AIS", keeps=Path(file)).serve_forever()
