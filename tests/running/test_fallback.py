"""The whole circle of a.VAZ: the main system goes down with its servers, and comes back."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.avaz.fallback import Desk, running_desk
from tests.avaz.smsc import Smsc, running_smsc
from tests.running.house import ROOT, House, running_house, wait_until

ARN = re.compile(r"AV[0-9]{10}")
CODE = re.compile(r"^([2-9A-HJKMNP-Z]{7})\r?$", re.MULTILINE)
EMAIL, PHONE = "vairuotoja@example.lt", "+37060000001"

DRIVER = f"""
from imas.kernel import clock
from tests import make
user = make.make_user("driver", email="{EMAIL}", phone="{PHONE}", phone_confirmed_at=clock.now())
make.make_headship(user, make.make_taxpayer(name="UAB „Vežėjas“"))
"""
LATE = """
from datetime import timedelta
from imas.kernel import clock
from avaz.models import Fallback
from tests import make
from tests.ivaz.records import issued, waybill
taxpayer = Fallback.objects.get(number="VAZ W1").taxpayer
content = waybill(taxpayer, make.make_taxpayer("304155094"), None,
    dispatch=clock.now() - timedelta(minutes=1), LocalTransportDocumentNumber="VAZ W1")
print("RN", issued(taxpayer, content))
"""


class Servers:
    """PostgreSQL and Redis of this house alone: they can be stopped while others test."""

    def __init__(self, folder: Path) -> None:
        self.environ = {**os.environ, "VAR_DIR": str(folder)}
        for name in ("DATABASE_URL", "REDIS_URL"):
            self.environ.pop(name, None)

    def do(self, verb: str) -> str:
        """Start or stop them, or tell where they are."""
        command = [sys.executable, "-m", "imas.embedded", verb]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environ, check=True, capture_output=True, text=True
        )
        return done.stdout


@dataclass
class Town:
    """Everything that runs."""

    house: House
    desk: Desk
    smsc: Smsc
    servers: Servers


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A main system with servers of its own, a desk with its clock, and an SMSC."""
    servers = Servers(tmp_path_factory.mktemp("servers"))
    servers.do("start")
    try:
        urls = dict(line.split("=", 1) for line in servers.do("url").split())
        with running_smsc() as smsc, running_desk(tmp_path_factory.mktemp("desk")) as desk:
            told = {
                "AVAZ_DESK_URL": desk.url,
                "AVAZ_LINK_SECRET": desk.secret,
                "SWEEP_SECONDS": "2",
            }
            folder = tmp_path_factory.mktemp("main")
            with running_house(folder, urls["DATABASE_URL"], urls["REDIS_URL"], **told) as house:
                desk.start(
                    "clock",
                    AVAZ_SMPP=f"127.0.0.1:{smsc.port}",
                    AVAZ_SMPP_PASSWORD="slaptas",
                    AVAZ_WATCHED_URL=f"{house.url}/readyz",
                    AVAZ_WATCH_SECONDS="1",
                    AVAZ_WATCH_TIMES="2",
                    EMAIL_PORT=house.environ["EMAIL_PORT"],
                )
                yield Town(house, desk, smsc, servers)
                servers.do("start")
    finally:
        servers.do("stop")


def test_main_system_down_arns_given_main_system_back(town: Town) -> None:
    house, desk = town.house, town.desk
    house.manage("shell", "-c", DRIVER)
    (code,) = CODE.findall(str(house.letters.wait_for(EMAIL).get_content()))
    wait_until(lambda: desk.browser().sign_in(EMAIL, code).url == f"{desk.url}/")

    town.servers.do("stop")
    with pytest.raises(requests.RequestException):
        requests.get(f"{house.url}/readyz", timeout=30).raise_for_status()

    browser = desk.browser()
    browser.sign_in(EMAIL, code)
    (by_web,) = set(ARN.findall(browser.announce("VAZ W1", reason="outage").text))
    (several,) = set(ARN.findall(browser.announce("", reason="outage").text))
    town.smsc.deliver(PHONE, f"{code.lower()}   vaz  s1")
    (by_sms,) = ARN.findall(town.smsc.answer_to(PHONE)[0])
    wait_until(lambda: len([x for x in house.letters.received if "ARN" in str(x["Subject"])]) == 2)
    wait_until(lambda: desk.told()["outages"])

    town.servers.do("start")
    given = {by_web, several, by_sms}
    wait_until(lambda: _arns(house) == given, 120)
    wait_until(lambda: house.rows("SELECT 1 FROM avaz_outage WHERE how = 'observed' AND "
                                  "\"end\" IS NOT NULL"))  # fmt: skip
    time.sleep(6)  # three more sweeps
    assert _count(house, "avaz_fallback") == 3
    assert _count(house, "ivaz_reservation") == 2
    kept = "SELECT count(*) FROM mailbox_message WHERE code LIKE 'avaz.taken-%%'"
    assert house.rows(kept) == [(3,)]

    rn = house.manage("shell", "-v0", "-c", LATE).split("RN ")[1].strip()
    wait_until(
        lambda: house.rows("SELECT 1 FROM avaz_fallback WHERE arn = %s AND rn = %s", by_web, rn)
    )


def _arns(house: House) -> set[object]:
    return {row[0] for row in house.rows("SELECT arn FROM avaz_fallback")}


def _count(house: House, table: str) -> int:
    statement = {
        "avaz_fallback": "SELECT count(*) FROM avaz_fallback",
        "ivaz_reservation": "SELECT count(*) FROM ivaz_reservation",
    }[table]
    return int(str(house.rows(statement)[0][0]))
