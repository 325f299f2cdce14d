"""Fifty clients send small files at once: nothing is lost, judged twice or out of order.

CROWD_FILES says how many files each of them sends; `make crowd` sends a thousand.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests

from demo.mandates import ACCOUNTANT
from imas.kernel.periods import Period
from isaf.making import legal_code
from tests.isaf.files import IsafFile, Sold
from tests.running.house import House, wait_until

pytestmark = pytest.mark.slow

CLIENTS = 50
FILES = int(os.environ.get("CROWD_FILES", "4"))
SEPTEMBER = Period.month(2026, 9)
PATIENCE = 60 + CLIENTS * FILES
_IN_FLIGHT = 8
"""So many more or fewer may be ahead while a question is under way."""
_ISSUE = """
from representation.management.ordering import ordered_by_operator
from representation.services import issue_key
for code in {codes}:
    order = ordered_by_operator({login!r}, code, ["isaf.view", "isaf.upload"], code)
    print(issue_key(*order)[1])
"""


@dataclass
class Client:
    """An accounting program of one taxpayer, and what it was told."""

    address: str
    code: str
    key: str
    receipts: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {self.key}"
        self.session.headers["X-Taxpayer"] = self.code

    def send_all(self) -> None:
        """Send the files one after another; every one is taken in."""
        for number in range(FILES):
            sold = Sold(f"M {number}", issued=date(2026, 9, 5))
            content = IsafFile(self.code, SEPTEMBER, part=str(number % 5), sales=[sold]).render()
            headers = {"Content-Type": "application/xml"}
            answer = self.session.post(self.address, data=content, headers=headers, timeout=120)
            assert answer.status_code == 202, answer.text
            self.receipts.append(answer.json())

    def told(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """Read how a file is."""
        answer = self.session.get(f"{self.address}/{receipt['id']}", timeout=120)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def read_all(self) -> None:
        """Read every receipt again."""
        for receipt in self.receipts:
            told = self.told(receipt)
            assert (told["state"], told["receipt"]) == ("ACCEPTED", receipt["receipt"])


@pytest.fixture
def clients(house: House, tmp_path: Path) -> list[Client]:
    """Programs of fifty taxpayers whose head is the accountant."""
    codes = [legal_code(32_000_000 + number) for number in range(CLIENTS)]
    taxpayers = "\n".join(f"{code},legal,UAB „Minia {code}“" for code in codes)
    heads = "\n".join(f"{code},{ACCOUNTANT.personal_code},Rasa,2020-01-01" for code in codes)
    periods = "\n".join(f"{code},month,2020-01-01" for code in codes)
    for kind, head, rows in (
        ("taxpayers", "code,kind,name", taxpayers),
        ("heads", "code,personal_code,person_name,since", heads),
        ("periods", "code,kind,since", periods),
    ):
        (tmp_path / kind).with_suffix(".csv").write_text(f"{head}\n{rows}", encoding="utf-8")
        house.manage("import_register", kind, str((tmp_path / kind).with_suffix(".csv")))
    script = _ISSUE.format(codes=codes, login=ACCOUNTANT.name)
    keys = house.manage("shell", "--no-imports", "-c", script).split()
    address = f"{house.url}/api/v1/isaf/files"
    return [Client(address, code, key) for code, key in zip(codes, keys, strict=True)]


@pytest.fixture
def _two_workers(house: House) -> Iterator[None]:
    house.start("second worker")
    yield
    house.kill("second worker")


@pytest.mark.usefixtures("_two_workers")
def test_a_crowd_is_served_in_order_and_told_the_truth(
    house: House, clients: Sequence[Client], record_testsuite_property: Callable[[str, str], None]
) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        sending = [pool.submit(client.send_all) for client in clients]
        places = _places_told(house, clients, sending)
        for one in sending:
            one.result()
    taken_in = time.monotonic() - began
    wait_until(lambda: not _waiting(house), PATIENCE)
    judged = time.monotonic() - began
    with ThreadPoolExecutor(CLIENTS) as pool:
        for read in [pool.submit(client.read_all) for client in clients]:
            read.result()

    assert _ours(house, "count(*), min(attempts), max(attempts)") == (CLIENTS * FILES, 1, 1)
    assert _ours(house, "count(DISTINCT sha256)") == (CLIENTS * FILES,)
    assert house.rows(_JUDGED_TWICE) == []
    assert house.rows(_OUT_OF_ORDER) == []
    assert places
    for before, ahead, after in places:
        assert after - _IN_FLIGHT <= ahead <= before + _IN_FLIGHT
    record_testsuite_property(
        "crowd",
        f"{CLIENTS} clients, {CLIENTS * FILES} files: taken in in {taken_in:.0f} s,"
        f" judged after {judged:.0f} s; {len(places)} places told, up to"
        f" {max(ahead for _, ahead, _ in places)} ahead",
    )


def _places_told(
    house: House, clients: Sequence[Client], sending: Sequence["Future[None]"]
) -> list[tuple[int, int, int]]:
    """Ask for places in the line meanwhile; each between what was ahead before and after."""
    found = []
    while not all(one.done() for one in sending):
        for client in clients[:: CLIENTS // 5]:
            if client.receipts:
                receipt = client.receipts[-1]
                before = _ahead(house, receipt)
                line = client.told(receipt)["line"]
                if line is not None:
                    found.append((before, line["ahead"], _ahead(house, receipt)))
        time.sleep(0.2)
    return found


def _ahead(house: House, receipt: dict[str, Any]) -> int:
    [(count,)] = house.rows(
        "SELECT count(*) FROM intake_document WHERE state IN ('UPLOADED', 'PROCESSING')"
        " AND arrival < (SELECT arrival FROM intake_document WHERE id = %s)",
        receipt["id"],
    )
    assert isinstance(count, int)
    return count


def _waiting(house: House) -> int:
    [(count,)] = house.rows(
        "SELECT count(*) FROM intake_document WHERE state IN ('UPLOADED', 'PROCESSING')"
    )
    assert isinstance(count, int)
    return count


def _ours(house: House, columns: str) -> tuple[object, ...]:
    [row] = house.rows(_CROWD.replace("*", columns))
    return row


_CROWD = """
SELECT * FROM intake_document AS d JOIN representation_taxpayer AS t ON t.id = d.taxpayer_id
 WHERE t.name LIKE 'UAB „Minia %%'
"""
_JUDGED_TWICE = """
SELECT subject, count(*) FROM representation_journalentry
 WHERE action = 'intake.document-judged' GROUP BY subject HAVING count(*) > 1
"""
_OUT_OF_ORDER = """
SELECT number FROM (
    SELECT number, started_at < lag(finished_at) OVER (
               PARTITION BY taxpayer_id ORDER BY arrival) AS too_early
      FROM intake_document) AS seen
 WHERE too_early
"""
