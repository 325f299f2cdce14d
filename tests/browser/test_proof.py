"""Why somebody may act, which link broke, and who did and saw what: in a browser."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from imas.kernel import clock
from representation.models import Employment, Taxpayer
from representation.services import journal
from representation.types import Why, WhyKind
from tests import make
from tests.browser import chromium
from tests.browser.conftest import Axe, SignIn


def _person(name: str, surname: str) -> User:
    code = make.personal_code()
    return make.make_user(first_name=name, last_name=surname, language="lt", personal_code=code)


@pytest.fixture
def company() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Girios kelias“")


@pytest.fixture
def head(company: Taxpayer) -> User:
    user = _person("Vaida", "Vadovė")
    make.make_headship(user, company)
    return user


@pytest.fixture
def employee(company: Taxpayer) -> User:
    """An employee of a firm to whom the company's mandate was passed on, and what she did."""
    firm = make.make_taxpayer(name="UAB „Tvarkingos sąskaitos“")
    boss, person = _person("Rasa", "Buhalterė"), _person("Greta", "Padėjėja")
    make.make_headship(boss, firm)
    make.make_employment(person, firm)
    rights = ("isaf.view", "isaf.upload", "isaf.submit")
    held = make.make_grant(firm, company, *rights, passing_on=1)
    make.make_grant(person, company, *rights[:2], via=held)
    acting = make.make_acting(user=person, taxpayer=company)
    object.__setattr__(acting, "why", Why(WhyKind.GRANT, chain=(firm.code,)))
    journal(acting, "isaf.register-submitted", "S-2026-000007")
    return person


@pytest.fixture
def seen_by_head(signed_in: SignIn, head: User, company: Taxpayer) -> SignIn:
    return lambda: signed_in(head, company, proved=True)


def test_the_why_page_answers_for_any_day_and_says_which_link_broke(
    page: Page, live_server: LiveServer, seen_by_head: SignIn, axe: Axe, employee: User
) -> None:
    seen_by_head()
    page.goto(live_server.url + reverse("representation:representatives"))
    row = page.get_by_role("row").filter(has_text=employee.last_name)
    row.get_by_role("link", name="(kodėl)").first.click()
    expect(page.locator(".notice-title")).to_contain_text("Taip")
    expect(page.locator("tbody tr")).to_have_count(2)
    _look(page, axe, "why-yes")
    Employment.objects.update(until=clock.today() - timedelta(days=3))
    page.reload()
    expect(page.locator(".notice-title")).to_contain_text("Ne")
    expect(page.locator("main")).to_contain_text("asmuo įmonėje nebedirba")
    _look(page, axe, "why-no")
    page.get_by_label("Diena").fill((clock.today() - timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Rodyti").click()
    expect(page.locator(".notice-title")).to_contain_text("Ne")
    expect(page.locator("main")).not_to_contain_text("nebedirba")
    page.get_by_label("Asmens kodas").fill(make.personal_code())
    page.get_by_role("button", name="Klausti").click()
    expect(page.locator(".notice-words")).to_contain_text("niekas neveda")
    page.goto(live_server.url + reverse("representation:representatives"))
    expect(page.locator("#broken-title")).to_be_visible()
    _look(page, axe, "representatives-broken")


def test_the_journal_is_filtered_shows_the_chain_and_is_taken_away(
    page: Page, live_server: LiveServer, seen_by_head: SignIn, axe: Axe, employee: User
) -> None:
    seen_by_head()
    page.goto(live_server.url + reverse("representation:representatives"))
    page.goto(live_server.url + reverse("representation:journal"))
    expect(page.locator("tbody")).to_contain_text("→ UAB „Tvarkingos sąskaitos“")
    _look(page, axe, "journal")
    page.get_by_label("Kas", exact=True).select_option(label=employee.full_name)
    expect(page.locator("tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "S-2026-000007" in text


def _look(page: Page, axe: Axe, name: str) -> None:
    """Judge the page as it stands, in both languages and widths; PICTURES=folder keeps it."""
    for language in chromium.LOCALES:
        User.objects.update(language=language)
        page.reload()
        for size in (chromium.DESK, chromium.PHONE):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            axe(page)
            if folder := os.environ.get("PICTURES"):
                Path(folder).mkdir(parents=True, exist_ok=True)
                kept = Path(folder) / f"{name}-{language}-{size['width']}.png"
                page.screenshot(path=kept, full_page=True)
    page.set_viewport_size({"width": chromium.DESK["width"], "height": chromium.DESK["height"]})
    User.objects.update(language="lt")
    page.reload()
