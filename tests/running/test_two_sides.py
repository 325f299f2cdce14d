"""Seller and buyer in two browsers: a wrong date, a talk of it, a correction, and all matches."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo import books
from demo.economy import build
from demo.filings import Progress, filings
from demo.mandates import ACCOUNTANT
from imas.kernel import clock
from isaf import building
from isaf.matching import SeenState
from isaf.types import Invoice
from tests.browser import chromium
from tests.running.house import House, wait_until
from tests.running.registers import header, last_ended_month
from tests.running.words import lt, meaning, state

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(
        bool(chromium.what_is_missing()),
        reason=f"BROWSER TESTS DO NOT RUN, {chromium.what_is_missing()}",
    ),
]

BUYER = "pirkejo.vadove"
_MAKE_BUYER = """
from representation.models import Taxpayer
from tests.make import make_headship, make_user
user = make_user("{login}", first_name="Ona", last_name="Pirkėja", language="lt")
user.set_password("{password}")
user.save()
make_headship(user, Taxpayer.objects.get(code="{code}"))
"""


class Story:
    """One deal of the demo that both sides told alike, and the two companies."""

    def __init__(self) -> None:
        economy, period = build(clock.today(), months=2), last_ended_month()
        self.period = period
        self.seller = economy.companies[1]
        self.sales = list(books.sales(economy, self.seller, period))
        done = [
            filing.company
            for filing in filings(economy, clock.today())
            if filing.period == period and filing.progress is Progress.SUBMITTED
        ]
        # The companies of the other logins come first: the buyer stands far behind them.
        for buyer in reversed(done):
            received = {
                (told.number, told.issued, _amounts(told))
                for told in books.purchases(economy, buyer, period)
                if told.party.vat_code == self.seller.vat
            }
            for sale in self.sales:
                if sale.party.vat_code == buyer.vat and (
                    (sale.number, sale.issued, _amounts(sale)) in received
                    and sale.issued.day > 1
                    and sale.type == "SF"
                ):
                    self.buyer, self.sale = buyer, sale
                    return
        raise AssertionError("The demo has no deal to tell of")

    def register(self, folder: Path, *, is_right: bool) -> Path:
        """Write the seller's register, with the date of that invoice right or a day early."""
        told = [self._told(sale, is_right=is_right) for sale in self.sales]
        path = folder / f"{'right' if is_right else 'wrong'}.xml"
        path.write_bytes(
            b"".join(building.document(header(self.seller.code, self.period), sales=told))
        )
        return path

    def _told(self, sale: Invoice, *, is_right: bool) -> Invoice:
        if is_right or sale is not self.sale:
            return sale
        return replace(sale, issued=sale.issued.replace(day=sale.issued.day - 1))


def _amounts(invoice: Invoice) -> tuple[tuple[object, object], ...]:
    return tuple((row.taxable, row.amount) for row in invoice.rows)


@pytest.fixture
def browsers() -> Iterator[list[Page]]:
    """Two browsers that know nothing of each other."""
    with chromium.chromium() as chrome, ExitStack() as opened:
        contexts = [opened.enter_context(chromium.browsing(chrome)) for _ in ("seller", "buyer")]
        pages = [context.pages[0] for context in contexts]
        for page in pages:
            page.set_default_timeout(20_000)
        yield pages


def test_two_sides_put_a_wrong_date_right(
    house: House, browsers: list[Page], tmp_path: Path
) -> None:
    story, (seller, buyer) = Story(), browsers
    house.manage(
        "shell",
        "-c",
        _MAKE_BUYER.format(login=BUYER, password=house.password, code=story.buyer.code),
    )
    _enter(house, seller, ACCOUNTANT.name, story.seller.code)
    _enter(house, buyer, BUYER, story.buyer.code)

    _submit(house, seller, story.register(tmp_path, is_right=False))
    _see(house, seller, story, state(SeenState.DIFFERS))
    _see(house, buyer, story, state(SeenState.DIFFERS))
    _keep_picture(buyer, "1-buyer-sees")

    _propose(buyer)
    deal = _answer(house, seller, story)

    _submit(house, seller, story.register(tmp_path, is_right=True))
    for page, name in ((seller, "4-seller-matched"), (buyer, "5-buyer-matched")):
        page.goto(deal)
        _reload_until(page, meaning(SeenState.MATCHED))
        expect(page.get_by_role("main")).to_contain_text("Taip, klaida mūsų. Taisome.")
        expect(page.locator(".timeline-list")).to_contain_text(state(SeenState.DIFFERS))
        expect(page.locator(".timeline-list")).to_contain_text(state(SeenState.MATCHED))
        _keep_picture(page, name)


def _propose(buyer: Page) -> None:
    buyer.get_by_role("link", name=lt("Talk to the counterparty")).first.click()
    buyer.get_by_label(lt("Message")).fill("Pagal dokumentą data kita, prašome patikrinti.")
    buyer.get_by_role("button", name=lt("Propose to correct by our data")).click()
    expect(buyer.get_by_role("main")).to_contain_text(lt("We propose to correct their register:"))
    buyer.get_by_label(lt("Disputed")).check()
    buyer.get_by_label(lt("Reason")).fill("Neteisinga data")
    buyer.get_by_role("button", name=lt("Mark", "verb"), exact=True).click()
    expect(buyer.get_by_role("main")).to_contain_text(lt("Disputed"))
    assert not chromium.violations(buyer)
    _keep_picture(buyer, "2-buyer-proposes")


def _answer(house: House, seller: Page, story: Story) -> str:
    """Read the message, answer on the page of the deal and return its address."""
    seller.goto(f"{house.url}/mailbox/")
    told = lt("%(name)s proposes to correct invoice %(number)s") % {
        "name": story.buyer.name,
        "number": story.sale.number,
    }
    seller.get_by_role("link", name=told).click()
    seller.get_by_role("main").get_by_role("link", name=lt("Open")).click()
    main = seller.get_by_role("main")
    expect(main).to_contain_text(lt("Proposes to correct your register:"))
    expect(main).to_contain_text(story.sale.issued.isoformat())
    expect(main).to_contain_text("Neteisinga data")
    seller.get_by_label(lt("Message")).fill("Taip, klaida mūsų. Taisome.")
    seller.get_by_role("button", name=lt("Send", "a message"), exact=True).click()
    assert not chromium.violations(seller)
    _keep_picture(seller, "3-seller-answers")
    return seller.url


def _enter(house: House, page: Page, login: str, taxpayer: str) -> None:
    page.goto(f"{house.url}/sign-in/")
    page.get_by_label(lt("Login name")).fill(login)
    page.get_by_label(lt("Password")).fill(house.password)
    page.get_by_role("button", name=lt("Sign in"), exact=True).click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    page.goto(f"{house.url}/taxpayers/?q={taxpayer}")
    # Whoever acts for one taxpayer alone has nothing to choose.
    choice = page.locator(f"main button[name=taxpayer][value='{taxpayer}']")
    if choice.count():
        choice.first.click()
        page.wait_for_url(lambda address: "/taxpayers/" not in address)


def _submit(house: House, page: Page, register: Path) -> None:
    page.goto(f"{house.url}/isaf/upload/")
    page.locator("input[type=file]").set_input_files(register)
    page.get_by_role("main").get_by_role("button", name=lt("Send"), exact=True).click()
    page.wait_for_url("**/isaf/files/**")
    expect(page.get_by_role("main")).to_contain_text(lt("The registers it went to"), timeout=60_000)
    page.get_by_role("main").get_by_role("link", name=lt("Issued invoices")).first.click()
    page.get_by_role("link", name=lt("Submit the register")).click()
    page.get_by_role("button", name=lt("Submit the register")).click()
    page.wait_for_url("**/submitted/")


def _see(house: House, page: Page, story: Story, words: str) -> None:
    """Find the invoice in the live cross-check, as soon as the registers have been compared."""
    page.goto(
        f"{house.url}/isaf/cross-checks/?period={story.period.code}&state=differs"
        f"&q={story.sale.number}"
    )
    _reload_until(page, "≠")
    expect(page.get_by_role("main")).to_contain_text(words)


def _reload_until(page: Page, words: str) -> None:
    def shown() -> bool:
        page.reload()
        return words in page.get_by_role("main").inner_text()

    try:
        wait_until(shown)
    except AssertionError as silence:
        raise AssertionError(page.get_by_role("main").inner_text()) from silence


def _keep_picture(page: Page, name: str) -> None:
    """Keep a picture where `PICTURES` says, to be looked at."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
