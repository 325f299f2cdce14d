"""A whole way in a real browser: first visit, upload, verdict, submit, cross-check."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from demo.mandates import HEAD
from demo.people import companies
from isaf.matching import SeenState
from tests.browser import chromium
from tests.running.house import House, wait_until
from tests.running.registers import company_register, last_ended_month
from tests.running.words import lt, state

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(
        bool(chromium.what_is_missing()),
        reason=f"BROWSER TESTS DO NOT RUN, {chromium.what_is_missing()}",
    ),
]

LINK = re.compile(r"https?://\S+/email/confirm/\S+")


@pytest.fixture
def browser() -> Iterator[BrowserContext]:
    with (
        chromium.chromium() as chrome,
        chromium.browsing(chrome) as opened,
    ):
        yield opened


def test_a_head_files_a_month_from_the_first_visit_to_the_cross_check(
    house: House, browser: BrowserContext, tmp_path: Path
) -> None:
    page = browser.pages[0]
    page.set_default_timeout(20_000)
    register = tmp_path / "register.xml"
    register.write_bytes(company_register(0))

    _first_visit(house, page)
    _send(house, page, register)
    _submit(page)
    _cross_check(house, page)
    _return(house, page)


def _first_visit(house: House, page: Page) -> None:
    page.goto(f"{house.url}/")
    page.get_by_label(lt("Login name")).fill(HEAD.name)
    page.get_by_label(lt("Password")).fill(house.password)
    page.get_by_role("button", name=lt("Sign in")).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(lt("Rules of use of i.MAS"))
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=lt("Accept and continue")).click()

    page.get_by_label(lt("E-mail address")).fill("jonas@silas.example")
    page.get_by_role("button", name=lt("Send the link")).click()
    letter = house.letters.wait_for("jonas@silas.example").get_content()
    link = LINK.search(letter)
    assert link, letter
    page.goto(link[0])
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=lt("Confirm")).click()

    page.goto(f"{house.url}/")
    expect(page.get_by_role("banner")).to_contain_text("Šilo medis")
    assert not chromium.violations(page)


def _send(house: House, page: Page, register: Path) -> None:
    page.goto(f"{house.url}/isaf/upload/")
    page.locator("input[type=file]").set_input_files(register)
    page.get_by_role("main").get_by_role("button", name=lt("Send"), exact=True).click()
    page.wait_for_url("**/isaf/files/**")
    expect(page.get_by_role("main")).to_contain_text(lt("The registers it went to"), timeout=60_000)
    assert not chromium.violations(page)


def _submit(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name=lt("Issued invoices")).first.click()
    page.get_by_role("link", name=lt("Submit the register")).click()
    expect(page.get_by_role("main")).to_contain_text(lt("This is what you submit"))
    page.get_by_role("button", name=lt("Submit the register")).click()
    page.wait_for_url("**/submitted/")
    assert not chromium.violations(page)


def _cross_check(house: House, page: Page) -> None:
    wait_until(lambda: house.rows(_ACCEPTED, last_ended_month().start))
    page.goto(f"{house.url}/isaf/cross-checks/?period={last_ended_month().code}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(lt("Cross-check"))
    expect(page.get_by_role("main")).to_contain_text(state(SeenState.MATCHED))
    assert not chromium.violations(page)

    page.get_by_role("link", name=lt("Order a report")).click()
    page.get_by_role("main").get_by_role("button", name=lt("Order"), exact=True).click()
    page.wait_for_url("**/reports/**")
    wait_until(lambda: house.rows("SELECT 1 FROM isaf_crosscheck WHERE state = 'ready'"))
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    assert download.value.path().read_bytes().startswith(b"PK")


def _return(house: House, page: Page) -> None:
    """Ordered before the register of received invoices is there; computed once it is submitted."""
    page.goto(f"{house.url}/isaf/returns/order/")
    page.locator(f"input[name=periods][value='{last_ended_month().code}']").check()
    page.get_by_role("main").get_by_role("button", name=lt("Order", "a return")).click()
    page.wait_for_url("**/isaf/returns/")
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text(lt("Registers are missing"))
    assert not chromium.violations(page)

    page.goto(f"{house.url}/isaf/")
    page.get_by_role("main").get_by_role("link", name=lt("Received invoices")).first.click()
    page.get_by_role("link", name=lt("Submit the register")).click()
    page.get_by_role("button", name=lt("Submit the register")).click()
    page.wait_for_url("**/submitted/")
    wait_until(lambda: _of_ours(house, "isaf_preliminaryreturn", "state = 'ready'"))
    page.goto(f"{house.url}/isaf/returns/")
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text(lt("Checks of the form"))
    assert not chromium.violations(page)
    page.get_by_role("main").get_by_role("link", name=lt("Confirm")).click()
    page.get_by_role("main").get_by_role("button", name=lt("Confirm")).click()
    expect(page.get_by_role("main")).to_contain_text(lt("Confirmed"))
    with page.expect_download() as download:
        page.get_by_role("link", name="FFData").click()
    assert b"FFData" in download.value.path().read_bytes()
    _file(house, page)


def _file(house: House, page: Page) -> None:
    """The confirmed return comes to EDS by itself; what happens there comes back."""
    back = page.url
    wait_until(lambda: _of_ours(house, "exchange_filing", "file_id <> ''"))
    page.goto(f"{house.url}/eds/")
    page.get_by_role("table").get_by_role("link").first.click()
    assert not chromium.violations(page)
    page.get_by_role("main").get_by_role("button", name=lt("Confirm and file")).click()
    expect(page.get_by_role("main")).to_contain_text(lt("Declaration accepted"))
    wait_until(lambda: _of_ours(house, "exchange_filing", "finished_at IS NOT NULL"))
    page.goto(back)
    expect(page.get_by_role("main")).to_contain_text(lt("Accepted by EDS"))
    assert not chromium.violations(page)


def _of_ours(house: House, table: str, which: str) -> list[tuple[object, ...]]:
    """Rows of a table about the company of this story; others file in the same house."""
    return house.rows(
        f"SELECT 1 FROM {table} JOIN representation_taxpayer t ON t.id = taxpayer_id"  # noqa: S608 - ours
        f" WHERE t.code = %s AND {which}",
        companies()[0].code,
    )


_ACCEPTED = (
    "SELECT 1 FROM isaf_register WHERE state = 'ACCEPTED' AND start = %s"
    " AND submitted_by_id IS NOT NULL"
)
