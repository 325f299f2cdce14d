"""Another system of the authority: `python -m tests.gateways.house_mate PORT ISSUER CLIENT SECRET`.

The pretended system of a local run, which obeys at /behave: a deaf one hears nothing i.MAS says.
"""

import json
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from imas.local.systems.server import System


class HouseMate(System):
    """Says who is signed in, in few words."""

    deaf = False

    def content(self, person: Mapping[str, Any] | None) -> str:
        """Name the person by the personal code."""
        if person is None:
            return "<p>Nobody <a href=/login>Sign in</a></p>"
        name, code = person["given_name"], person["personal_code"]
        return f"<p id=who>{name} {code} <a href=/logout>Sign out</a></p>"

    def take(self, path: str, body: str) -> int:
        """Obey a test, hear i.MAS unless deaf."""
        if path == "/behave":
            self.deaf = json.loads(body).get("deaf", False)
            return HTTPStatus.OK
        return HTTPStatus.SERVICE_UNAVAILABLE if self.deaf else super().take(path, body)


if __name__ == "__main__":
    HouseMate(int(sys.argv[1]), *sys.argv[2:5]).serve_forever()
