"""The choice of means, and a way through a provider of its own process, in a real browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.providers.configuring import OidcProvider, read_providers
from imas.local.bank import keys
from imas.local.bank.server import PEOPLE
from tests import make
from tests.browser import chromium
from tests.browser.conftest import Axe
from tests.gateways.issuer import CLIENT
from tests.gateways.running import gateway, tell


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider of its own process."""
    with gateway("tests.gateways.issuer") as url:
        yield url


@pytest.fixture
def code(issuer: str, settings: Settings, live_server: LiveServer) -> str:
    """Return the personal code of the one person the provider knows."""
    code = make.personal_code()
    settings.SITE_URL = live_server.url
    settings.IDENTITY_PROVIDERS = (
        OidcProvider(
            key="bank",
            name={"lt": "Bankas „Parodomasis“", "en": "Demonstration bank"},
            issuer=issuer,
            client_id=CLIENT[0],
            client_secret=CLIENT[1],
        ),
    )
    person = {"sub": "1", "given_name": "Ona", "family_name": "Petraitė", "personal_code": code}
    tell(issuer, people=[person])
    return code


def test_the_choice_of_means_can_be_used_by_everybody(
    page: Page, live_server: LiveServer, axe: Axe, code: str
) -> None:
    for language in ("lt", "en"):
        for size in (chromium.DESK, chromium.PHONE):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            page.goto(f"{live_server.url}/sign-in/")
            page.locator(f"button[value={language}]").click()
            expect(page.locator("html")).to_have_attribute("lang", language)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            keep(page, f"sign-in-{language}-{size['width']}")
            axe(page)


def test_a_person_comes_in_through_a_provider_and_goes_on_where_he_wanted(
    page: Page, live_server: LiveServer, code: str
) -> None:
    make.make_user(personal_code=code, language="lt")
    page.goto(f"{live_server.url}/settings/")
    page.get_by_role("button", name="Bankas „Parodomasis“").click()
    page.get_by_role("button", name="Ona").click()
    expect(page).to_have_url(f"{live_server.url}/settings/")


def test_somebody_new_meets_the_rules_after_the_provider(
    page: Page, live_server: LiveServer, code: str
) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_role("button", name="Bankas „Parodomasis“").click()
    page.get_by_role("button", name="Ona").click()
    expect(page).to_have_url(f"{live_server.url}/rules/")


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The pretended bank of `make run`, of its own process."""
    folder = tmp_path_factory.mktemp("bank")
    with gateway("tests.gateways.viisp", str(folder)) as url:
        yield url, folder


@pytest.mark.parametrize("size", [chromium.DESK, chromium.PHONE])
def test_a_person_comes_in_through_viisp(
    page: Page,
    live_server: LiveServer,
    bank: tuple[str, Path],
    settings: Settings,
    size: dict[str, int],
) -> None:
    url, folder = bank
    settings.SITE_URL = live_server.url
    settings.IDENTITY_PROVIDERS = read_providers(keys.described(url, folder))
    user = make.make_user(personal_code=PEOPLE[0]["code"], language="lt")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.goto(f"{live_server.url}/settings/")
    keep(page, f"choice-{size['width']}")
    page.get_by_role("button", name="Parodomasis bankas").click()
    expect(page.locator(".mark")).to_be_visible()
    keep(page, f"bank-{size['width']}")
    page.get_by_role("button", name="Patvirtinti").click()
    expect(page).to_have_url(f"{live_server.url}/settings/")
    assert [str(one.provider) for one in user.identities.all()] == ["viisp:auth.lt.bank"]


def test_whoever_refuses_at_the_provider_is_told_calmly(
    page: Page, live_server: LiveServer, axe: Axe, code: str
) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_role("button", name="Bankas „Parodomasis“").click()
    page.get_by_role("button", name="Refuse").click()
    expect(page.locator("h1")).to_have_text("Prisijungimas nutrauktas")
    keep(page, "broken-off")
    axe(page)


def keep(page: Page, name: str) -> None:
    """Keep a picture for a person to look at when PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
