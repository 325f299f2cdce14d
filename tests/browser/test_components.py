"""Every component, looked at by Chromium and axe-core on one page that only tests have."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser import chromium
from tests.browser.conftest import Axe


@pytest.fixture(autouse=True)
def _style_page(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.browser.style_urls"
    settings.PUBLIC_VIEWS = settings.PUBLIC_VIEWS | {
        "style",
        "style-home",
        "style-clients",
        "style-broken",
        "style-choices",
    }
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [
        {**engine, "DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}
    ]


PAGES = ["/style", "/style/home", "/style/clients", "/style/broken", "/no-such-page"]
STATUS = {"/no-such-page": 404, "/style/broken": 500}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_of_components_passes_axe(
    page: Page, live_server: LiveServer, axe: Axe, path: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    answer = page.goto(live_server.url + path)
    assert answer
    assert answer.status == STATUS.get(path, 200)
    axe(page)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_screen_of_320_pixels(
    page: Page, live_server: LiveServer, axe: Axe, path: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_server.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    axe(page)


def test_the_chart_is_drawn_and_its_numbers_are_one_click_away(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/style")
    expect(page.locator(".chart-plot svg")).to_be_visible()
    numbers = page.locator("#vat-numbers")
    expect(numbers).to_be_hidden()
    page.get_by_text("Diagramos skaičiai").or_(page.get_by_text("Numbers of the chart")).click()
    expect(numbers).to_be_visible()


def test_the_switcher_opens_by_keyboard_and_closes_by_escape(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/style")
    head = page.locator(".switcher-head")
    head.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#switcher-search")).to_be_focused()
    expect(page.locator("#switcher-choices .choice")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#switcher-search")).to_be_hidden()
    expect(head).to_be_focused()


def test_a_dangerous_button_asks_first(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/style")
    page.get_by_role("button", name="Ištrinti").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Tikrai ištrinti?")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_summary_of_mistakes_takes_the_focus(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/style")
    expect(page.locator(".error-summary")).to_be_focused()


def test_acting_for_another_is_said_in_words_and_shown_by_colour(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/style")
    expect(page.locator(".topbar-another .capacity")).not_to_be_empty()
    page.goto(f"{live_server.url}/style/home")
    expect(page.locator(".topbar-another")).to_have_count(0)


def test_pictures_of_the_components(page: Page, live_server: LiveServer, tmp_path: Path) -> None:
    for size in (chromium.DESK, chromium.PHONE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.goto(f"{live_server.url}/style")
        assert page.screenshot(path=tmp_path / f"{size['width']}.png", full_page=True)
