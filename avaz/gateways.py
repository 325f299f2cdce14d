"""The desk, asked over HTTP with signed requests (avaz/link.py)."""

import json
from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings

from avaz import link
from imas.kernel import clock
from imas.kernel.errors import UnavailableError

_SECONDS = (3.05, 20)


def tell(told: Mapping[str, Any]) -> None:
    """Tell accesses; UnavailableError("avaz-away") when the desk does not take them."""
    _ask("POST", "/link/accesses", json.dumps(told).encode())


def told_after(cursor: int) -> dict[str, Any]:
    """Return what was announced after a cursor; UnavailableError as above."""
    return _ask("GET", f"/link/registrations?after={cursor}", b"")


def _ask(method: str, path: str, body: bytes) -> dict[str, Any]:
    headers = link.signed(
        settings.AVAZ_LINK_SECRET,
        at=int(clock.now().timestamp()),
        method=method,
        path=path,
        body=body,
    )
    with requests.Session() as asked:
        asked.trust_env = False
        try:
            answer = asked.request(
                method,
                settings.AVAZ_DESK_URL + path,
                data=body,
                headers=headers,
                timeout=_SECONDS,
                allow_redirects=False,
            )
            if answer.status_code != 200:
                raise UnavailableError("avaz-away", status=str(answer.status_code))
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise UnavailableError("avaz-away", status="0") from error
    if not isinstance(found, dict):
        raise UnavailableError("avaz-away", status="0")
    return found
