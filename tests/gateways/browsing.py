"""The browser of these tests without a browser: follows what a page of ours asks for."""

import re
import urllib.parse
import urllib.request
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Let the test see where it is led."""


_OPENER = urllib.request.build_opener(_Stay)


def sent_to(client: Client, key: str, wanted: str = "") -> str:
    """Press a provider's button; return the address the page leads to."""
    answer = client.post(f"/sign-in/through/{key}/", {"next": wanted})
    assert answer.status_code == 200, answer.content.decode()
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())
    assert found
    return unescape(found[1])


def choose(address: str, person: str = "0") -> str:
    """Choose a person on the provider's page; return the address it leads back to."""
    body = urllib.parse.urlencode({"person": person}).encode()
    try:
        _OPENER.open(urllib.request.Request(address, body))
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("no redirect")


def come_back(client: Client, address: str) -> Any:
    """Follow the provider back to us."""
    parts = urlsplit(address)
    return client.get(parts.path, dict(parse_qsl(parts.query)))
