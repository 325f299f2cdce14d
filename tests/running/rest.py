"""A program of an accountant: sends files to the running house over REST and reads the answers."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from demo.mandates import ACCOUNTANT
from tests.running.house import House

RIGHTS = "isaf.view,isaf.upload,isaf.submit,isaf.crosscheck"
WAITING = ("UPLOADED", "PROCESSING")


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the type of the content, and its JSON."""

    status: int
    type: str
    body: Any


@dataclass(frozen=True)
class Program:
    """Speaks for one taxpayer with one key."""

    house: House
    taxpayer: str
    key: str

    def ask(
        self, address: str, content: "bytes | IO[bytes] | None" = None, **headers: str
    ) -> Answer:
        """GET, or POST when there is content; words of a header's name are joined by `_`."""
        request = urllib.request.Request(
            f"{self.house.url}/api/v1{address}",
            data=content,
            headers={
                "Authorization": f"Bearer {self.key}",
                "X-Taxpayer": self.taxpayer,
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return _read(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return _read(error.code, error.headers, error.read())

    def send(
        self, content: "bytes | IO[bytes]", content_type: str = "application/xml", size: int = 0
    ) -> Answer:
        """Send a file; an open one needs its size."""
        length = {"Content_Length": str(size)} if size else {}
        return self.ask("/isaf/files", content, Content_Type=content_type, **length)

    def file(self, file_id: str) -> dict[str, Any]:
        """Return how a file stands."""
        answer = self.ask(f"/isaf/files/{file_id}")
        assert answer.status == 200, answer
        assert isinstance(answer.body, dict)
        return answer.body

    def verdict(self, file_id: str, seconds: float = 60) -> dict[str, Any]:
        """Wait until a file is judged; return how it stands then."""
        until = time.monotonic() + seconds
        while (stands := self.file(file_id))["state"] in WAITING:
            assert time.monotonic() < until, f"Not judged in time: {stands}"
            time.sleep(0.2)
        return stands

    def progress(self, file_id: str, seconds: float = 60) -> int:
        """Wait until records of a file were read, and it is still being judged; say how many."""
        until = time.monotonic() + seconds
        while not (records := (stands := self.file(file_id))["progress"]["records"]):
            assert time.monotonic() < until, f"Nothing was read in time: {stands}"
            time.sleep(0.2)
        assert stands["state"] == "PROCESSING", stands
        return int(records)

    def problems(self, file_id: str) -> list[dict[str, Any]]:
        """Return all kept findings, in both languages."""
        return list(self._pages(f"/isaf/files/{file_id}/problems"))

    def invoices(self, register: str) -> Iterator[dict[str, Any]]:
        """Yield the invoices a register shows."""
        return self._pages(f"/isaf/registers/{register}/invoices")

    def _pages(self, address: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            answer = self.ask(f"{address}?cursor={cursor}")
            assert answer.status == 200, answer
            yield from answer.body["items"]
            if not (cursor := answer.body["next"] or ""):
                return


def program_of(house: House, taxpayer: str) -> Program:
    """Return a program with a new key of the demo's accountant for one of the clients."""
    told = house.manage(
        *("issue_key", "--login", ACCOUNTANT.name), *("--taxpayer", taxpayer, "--rights", RIGHTS)
    )
    return Program(house, taxpayer, told.split()[-1])


def _read(status: int, headers: Any, content: bytes) -> Answer:
    return Answer(status, headers.get_content_type(), json.loads(content or b"null"))


def names(findings: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return of each finding what identifies it: code, reason, line, column, invoice."""
    return [
        tuple(found[name] for name in ("code", "reason", "line", "column", "invoice_no"))
        for found in findings
    ]
