"""A person at the portal, without a browser: the real forms, filled in over HTTP."""

import csv
import io
import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from uuid import uuid4

from tests.running.house import House

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Person:
    """Somebody signed in who acts for one taxpayer and reads one language."""

    def __init__(self, house: House, login: str, taxpayer: str, language: str) -> None:
        self._house = house
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._fill_in("/sign-in/", "/sign-in/", username=login, password=house.password)
        self._fill_in("/taxpayers/", "/taxpayers/act-for/", taxpayer=taxpayer)
        self._fill_in("/taxpayers/", "/language/", language=language)

    def read(self, address: str) -> str:
        """Return a page."""
        with self._opener.open(self._house.url + address, timeout=60) as answer:
            return str(answer.read().decode())

    def try_out(self, content: bytes) -> str:
        """Send a file by the upload page, to be judged only; return the id on its page."""
        edge = uuid4().hex
        fields = {"csrfmiddlewaretoken": self._token("/isaf/upload/"), "dry_run": "on"}
        parts = [_part(name) + value.encode() for name, value in fields.items()]
        parts.append(_part("documents", '; filename="register.xml"') + content)
        mark = f"--{edge}".encode()
        body = b"".join(mark + part + b"\r\n" for part in parts) + mark + b"--\r\n"
        page = self._post("/isaf/upload/", body, f"multipart/form-data; boundary={edge}")
        return page.rstrip("/").rpartition("/")[2]

    def problems(self, file_id: str) -> list[list[str]]:
        """Return the rows of the table of findings that a file's page gives to take away."""
        table = self.read(f"/isaf/files/{file_id}/problems.csv").lstrip("\ufeff")
        return list(csv.reader(io.StringIO(table), delimiter=";"))[1:]

    def _fill_in(self, page: str, action: str, **fields: str) -> None:
        form = {"csrfmiddlewaretoken": self._token(page), **fields}
        body = urllib.parse.urlencode(form).encode()
        self._post(action, body, "application/x-www-form-urlencoded")

    def _token(self, page: str) -> str:
        found = _TOKEN.search(self.read(page))
        assert found, f"There is no form on {page}"
        return found[1]

    def _post(self, action: str, body: bytes, content_type: str) -> str:
        """Send a form; return the address of the page that it led to."""
        address = self._house.url + action
        request = urllib.request.Request(address, body, {"Content-Type": content_type})
        with self._opener.open(request, timeout=60) as answer:
            return str(answer.url)


def _part(name: str, more: str = "") -> bytes:
    return f'\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode()
