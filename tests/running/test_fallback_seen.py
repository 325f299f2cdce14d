"""The same circle in a browser: i.MAS is away, ARNs are got, all is back and completed."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from imas.kernel import clock
from imas.kernel.clock import VILNIUS
from tests.avaz.fallback import Desk
from tests.browser import chromium
from tests.browser.conftest import keep
from tests.make import PASSWORD
from tests.running.house import House, wait_until
from tests.running.test_fallback import ARN, CODE, Town
from tests.running.test_fallback import town as town  # noqa: PLC0414 - a fixture of this module too

EMAIL, PHONE, LOGIN = "siuntejas@example.lt", "+37060000002", "siuntejas"
PERSON = f"""
from imas.kernel import clock
from tests import make
user = make.make_user("{LOGIN}", email="{EMAIL}", phone="{PHONE}", phone_confirmed_at=clock.now(),
    language="lt")
make.make_headship(user, make.make_taxpayer(name="UAB „Siuntėjas“"))
"""


@pytest.mark.skipif(bool(chromium.what_is_missing()), reason=chromium.what_is_missing())
def test_announced_while_all_is_down_and_completed_when_it_is_back(
    town: Town, tmp_path: Path
) -> None:
    house, desk = town.house, town.desk
    house.manage("shell", "-c", PERSON)
    wait_until(lambda: any(EMAIL in str(one["To"]) for one in house.letters.received), 180)
    (code,) = CODE.findall(str(house.letters.wait_for(EMAIL).get_content()))
    wait_until(lambda: desk.browser().sign_in(EMAIL, code).url == f"{desk.url}/")
    town.servers.do("stop")
    wait_until(lambda: "neatsako" in desk.browser("lt").get("/sign-in/").text)
    left = clock.now().astimezone(VILNIUS)
    with (
        chromium.chromium() as chrome,
        chromium.browsing(chrome) as context,
    ):
        page = context.pages[0]
        given = [
            _announced(page, desk, code, f"VAZ N{place}", size)
            for place, size in enumerate((chromium.DESK, chromium.PHONE))
        ]
        town.smsc.deliver(PHONE, f"{code} VAZ S1")
        given += ARN.findall(town.smsc.answer_to(PHONE)[0])
        town.servers.do("start")
        wait_until(lambda: _taken(house) >= set(given), 300)
        page.set_viewport_size({"width": 1440, "height": 900})
        rn = _completed(page, house, given[0], left + timedelta(minutes=1))
    known = "SELECT rn FROM avaz_fallback WHERE arn = %s AND rn <> ''"
    assert wait_until(lambda: house.rows(known, given[0])) == [(rn,)]


def _announced(page: Page, desk: Desk, code: str, number: str, size: dict[str, int]) -> str:
    """Get an ARN on the pages of the desk, each judged as it stands."""
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.goto(f"{desk.url}/sign-in/")
    _judged(page, "story-sign-in")
    page.locator("#id_email").fill(EMAIL)
    page.locator("#id_code").fill(code.lower())
    page.locator("main form button[type=submit]").click()
    page.locator("#id_number").fill(number)
    expect(page.locator("input[name=reason][value=outage]")).to_be_checked()
    _judged(page, "story-announce")
    page.locator(".form-card button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(number)
    _judged(page, "story-arn")
    (arn,) = set(ARN.findall(page.locator("main").inner_text()))
    page.get_by_role("button", name="Atsijungti").click()
    return str(arn)


def _completed(page: Page, house: House, arn: str, left: datetime) -> str:
    """Enter the data of what was announced; the RN."""
    page.goto(f"{house.url}/sign-in/?next=/ivaz/")
    page.locator("#id_username").fill(LOGIN)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.goto(f"{house.url}/ivaz/")
    _judged(page, "story-waybills")
    row = page.get_by_role("row").filter(has_text=arn)
    row.get_by_role("button", name="Įvesti duomenis").click()
    expect(page.locator("main")).to_contain_text(arn)
    own = page.locator("#id_consignor_code").input_value()
    page.locator("#id_transporter_code").fill(own)
    page.locator("#id_transporter_name").fill("UAB „Siuntėjas“")
    page.locator("#id_is_consignee_unknown").check()
    page.get_by_role("button", name="Išsaugoti ir tęsti").click()
    expect(page.locator("#id_number")).to_have_value("VAZ N0")
    for name, value in {
        "dispatch": f"{left:%Y-%m-%dT%H:%M}", "load": "Gedimino pr. 1", "unload": "Laisvės al. 1",
        "plate": "ABC 123",
    }.items():  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    _judged(page, "story-carriage")
    page.get_by_role("button", name="Išsaugoti ir tęsti").click()
    page.locator("#id_products-0-name").fill("Lentos")
    page.locator("#id_products-0-quantity").fill("10")
    page.locator("#id_products-0-unit").fill("KGM")
    page.get_by_role("button", name="Išsaugoti ir tęsti").last.click()
    page.get_by_role("button", name="Pateikti važtaraštį").click()
    expect(page.locator("main")).to_contain_text("Išsiųstas")
    (rn,) = set(re.findall(r"IV\d{12}", page.url))
    page.goto(f"{house.url}/ivaz/")
    expect(page.locator("main")).not_to_contain_text(arn)
    return str(rn)


def _judged(page: Page, name: str) -> None:
    viewport = page.viewport_size
    assert viewport
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    keep(page, name, viewport["width"])
    found = chromium.violations(page)
    assert not found, "\n".join(found)


def _taken(house: House) -> set[object]:
    return {row[0] for row in house.rows("SELECT arn FROM avaz_fallback")}
