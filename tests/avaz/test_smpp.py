"""Messages by SMPP: a desk, its clock, and an SMSC, as processes and sockets."""

import re
import time
from collections.abc import Iterator

import pytest

from tests.avaz.fallback import Desk, access
from tests.avaz.smsc import Smsc, running_smsc
from tests.running.house import wait_until

CODE = "ABCDEFG"
ARN = re.compile(r"AV[0-9]{10}")


@pytest.fixture(scope="module")
def smsc(desk: Desk) -> Iterator[Smsc]:
    """An SMSC, to which the desk has bound."""
    with running_smsc() as started:
        desk.start(
            "clock",
            AVAZ_SMPP=f"127.0.0.1:{started.port}",
            AVAZ_SMPP_SYSTEM="imas",
            AVAZ_SMPP_PASSWORD="slaptas",
            AVAZ_WATCHED_URL=f"{desk.url}/healthz",
        )
        wait_until(lambda: started.bound)
        yield started
        desk.kill("clock")


def test_a_message_is_answered_with_an_arn(desk: Desk, smsc: Smsc) -> None:
    told = access(CODE)
    desk.tell(told)
    number = smsc.deliver(told["phone"], f"{CODE.lower()}  VAZ 5")
    (said,) = smsc.answer_to(told["phone"])
    assert smsc.bound == ("imas", "slaptas")
    assert number in smsc.acknowledged
    (row,) = [one for one in desk.told()["registrations"] if one["access"] == told["access"]]
    assert (row["arn"], row["number"], row["channel"]) == (ARN.findall(said)[0], "VAZ 5", "sms")
    assert said.isascii()
    assert len(said) <= 160


def test_lithuanian_letters_come_as_they_are(desk: Desk, smsc: Smsc) -> None:
    told = access(CODE)
    desk.tell(told)
    smsc.deliver(told["phone"], f"{CODE} VĖŽ-5")
    smsc.answer_to(told["phone"])
    (row,) = [one for one in desk.told()["registrations"] if one["access"] == told["access"]]
    assert row["number"] == "VĖŽ-5"


def test_the_same_message_delivered_again_is_one(desk: Desk, smsc: Smsc) -> None:
    told = access(CODE)
    desk.tell(told)
    numbers = [
        smsc.deliver(told["phone"], f"{CODE} P1", user_message_reference=77) for _ in range(3)
    ]
    wait_until(lambda: set(numbers) <= smsc.acknowledged)
    smsc.deliver(told["phone"], f"{CODE} P2", user_message_reference=78)
    assert len(smsc.answer_to(told["phone"], 2)) == 2
    rows = [one for one in desk.told()["registrations"] if one["access"] == told["access"]]
    assert sorted(row["number"] for row in rows) == ["P1", "P2"]


def test_a_session_that_breaks_is_opened_again(desk: Desk, smsc: Smsc) -> None:
    told = access(CODE)
    desk.tell(told)
    smsc.hang_up()
    wait_until(lambda: smsc.bound)
    smsc.deliver(told["phone"], f"{CODE} N1")
    assert ARN.search(smsc.answer_to(told["phone"])[0])


def test_an_arn_asked_for_on_the_page_comes_as_a_message_once(desk: Desk, smsc: Smsc) -> None:
    told = access(CODE)
    desk.tell(told)
    browser = desk.browser()
    browser.sign_in(told["email"], CODE)
    pages = [browser.announce("VĖŽ 9", send_by="sms") for _ in range(2)]
    (given,) = {found for page in pages for found in ARN.findall(page.text)}
    browser.announce("", send_by="sms")
    first, second = smsc.answer_to(told["phone"], 2)
    assert first == f"a.VAZ: ARN {given}, vaztarastis VEZ 9. Papildykite per 3 darbo dienas i.VAZ."
    assert second.endswith("Vaztarascius pateikite per i.VAZ, kai jis veiks.")
    time.sleep(2)  # some more turns of the clock
    assert len(smsc.answer_to(told["phone"])) == 2
