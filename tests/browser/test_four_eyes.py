"""Two administrators in two browsers, and the review of mandates."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from imas.kernel import clock
from representation import services
from representation.models import Headship, Mandate, MandateUse, Taxpayer
from representation.services import acting_of
from representation.types import MandateState
from tests import make
from tests.browser import chromium
from tests.browser.conftest import Axe, SignIn, signing_in

WIDTHS = (1440, 390)
See = Callable[[Page, str], None]


def _person(name: str, surname: str, language: str = "lt") -> User:
    code = make.personal_code()
    return make.make_user(first_name=name, last_name=surname, language=language, personal_code=code)


@dataclass(frozen=True)
class House:
    """A company with two equal heads, the second of whom reads English."""

    taxpayer: Taxpayer
    first: User
    second: User


@pytest.fixture
def house() -> House:
    made = House(
        make.make_taxpayer(name="UAB „Girios kelias“"),
        _person("Vaida", "Vadovė"),
        _person("Domas", "Direktorius", language="en"),
    )
    for one in (made.first, made.second):
        make.make_headship(one, made.taxpayer)
    return made


@pytest.fixture
def see(axe: Axe) -> See:
    """Return a function that looks at a page at both widths, whoever's browser it is in."""

    def look(page: Page, name: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if folder := os.environ.get("PICTURES"):
                Path(folder).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
            axe(page)
        desk = chromium.DESK
        page.set_viewport_size({"width": desk["width"], "height": desk["height"]})

    return look


@pytest.fixture
def other(chrome: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """The second administrator's browser, in English."""
    with chromium.browsing(chrome, language="en") as opened:
        yield opened


def test_what_one_administrator_proposes_another_approves(
    page: Page,
    other: BrowserContext,
    live_server: LiveServer,
    signed_in: SignIn,
    see: See,
    house: House,
) -> None:
    taxpayer, first, second = house.taxpayer, house.first, house.second
    url = live_server.url + reverse("representation:representatives")
    theirs = other.pages[0]
    signed_in(first, taxpayer, proved=True)
    signing_in(other, live_server.url)(second, taxpayer, proved=True)
    page.goto(url)
    page.get_by_role("button", name="Įjungti").click()
    expect(page.locator("main")).to_contain_text("Įjungtas.")
    page.get_by_role("link", name="Naujas atstovas").click()
    person = _person("Rūta", "Kazlauskaitė")
    page.locator("#id_name").fill(person.full_name)
    page.locator("#id_personal_code").fill(person.personal_code)
    page.locator("#id_email").fill(person.email)
    page.get_by_label("Žiniatinklio paslaugos: išduoti").check()
    page.get_by_role("button", name="Išsaugoti").click()
    mandate = Mandate.objects.get()
    assert mandate.state == MandateState.AWAITING_SECOND
    assert not mandate.letters.exists()
    expect(page.get_by_role("button", name="Patvirtinti")).to_have_count(0)
    see(page, "four-eyes-first")
    theirs.goto(url)
    see(theirs, "four-eyes-second")
    theirs.get_by_role("button", name="Approve").click()
    expect(theirs.locator("main")).to_contain_text("The offer is sent")
    assert mandate.letters.count() == 1
    page.goto(url)
    page.get_by_role("button", name="Siūlyti išjungti").click()
    theirs.goto(url)
    theirs.get_by_role("button", name="Approve").click()
    expect(theirs.locator("main")).to_contain_text("It is off.")


def test_the_one_who_stays_alone_is_told_whom_to_ask(
    page: Page,
    live_server: LiveServer,
    signed_in: SignIn,
    see: See,
    house: House,
) -> None:
    taxpayer, first, second = house.taxpayer, house.first, house.second
    signed_in(first, taxpayer, proved=True)
    acting = acting_of(first, taxpayer, clock.now())
    assert acting
    services.switch_on(acting)
    yesterday = clock.today() - timedelta(days=1)
    Headship.objects.filter(person=second.personal_code_hash).update(until=yesterday)
    page.goto(live_server.url + reverse("representation:representatives"))
    expect(page.locator("main")).to_contain_text("Nebeliko, kas galėtų patvirtinti")
    see(page, "four-eyes-alone")


@pytest.mark.parametrize("language", ["lt", "en"])
def test_the_review_keeps_and_ends(
    page: Page,
    live_server: LiveServer,
    signed_in: SignIn,
    see: See,
    house: House,
    language: str,
) -> None:
    taxpayer, first = house.taxpayer, house.first
    User.objects.filter(pk=first.pk).update(language=language)
    today = clock.today()
    used, unused, never = (_person("Ona", name) for name in ("Uolienė", "Užmirštienė", "Naujokė"))
    given = {
        one: make.make_grant(one, taxpayer, "isaf.view", "isaf.upload") for one in (used, never)
    }
    given[unused] = make.make_grant(unused, taxpayer, "isaf.view", until=today + timedelta(days=9))
    for person, days in ((used, 2), (unused, 120)):
        MandateUse.objects.create(
            mandate=given[person], user=person, last_on=today - timedelta(days=days)
        )
    make.make_grant(make.make_taxpayer(name="MB „Be vadovo“"), taxpayer, "isaf.view")
    make.make_api_key(first, taxpayer)
    signed_in(first, taxpayer)
    page.goto(live_server.url + reverse("representation:representatives"))
    page.locator("main").get_by_role(
        "link", name="Peržiūra" if language == "lt" else "Review"
    ).click()
    see(page, f"review-{language}")
    keep, end = ("Palikti:", "Panaikinti:") if language == "lt" else ("Keep:", "End:")
    page.get_by_role("button", name=f"{keep} {used.full_name}").click()
    expect(page.get_by_role("row", name=used.full_name)).to_contain_text(first.full_name)
    page.get_by_role("button", name=f"{end} {unused.full_name}").click()
    expect(page.get_by_role("row", name=unused.full_name)).to_have_count(0)
    page.locator(f"input[value='{given[never].pk}']").check()
    chosen = "Panaikinti pasirinktus" if language == "lt" else "End the chosen"
    page.get_by_role("button", name=chosen).click()
    expect(page.get_by_role("row", name=never.full_name)).to_have_count(0)
    kept = Mandate.objects.filter(state=MandateState.ACTIVE, user__isnull=False)
    assert [one.pk for one in kept] == [given[used].pk]
