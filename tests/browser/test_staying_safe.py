"""Step-up, sessions ended elsewhere and forgotten passwords, in real browsers."""

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts import letters
from accounts.models import User
from tests.browser import chromium
from tests.browser.conftest import Axe
from tests.make import PASSWORD, code_of, make_headship, make_taxpayer, make_totp, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _here(settings: Settings, live_server: LiveServer) -> None:
    settings.SITE_URL = live_server.url


@pytest.fixture
def head() -> User:
    user = make_user("vaida", first_name="Vaida", last_name="Vadovė", language="lt")
    make_headship(user, make_taxpayer(name="UAB „Baltijos mediena“"))
    return user


def _sign_in(page: Page, live_server: LiveServer, password: str = PASSWORD) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.locator("[name=username]").fill("vaida")
    page.locator("[name=password]").fill(password)
    page.locator("main form button[type=submit]").last.click()


def test_a_weighty_act_waits_for_the_second_factor_and_is_done_afterwards(
    page: Page, live_server: LiveServer, axe: Axe, head: User
) -> None:
    _sign_in(page, live_server)
    secret = make_totp(head).secret
    page.goto(f"{live_server.url}/settings/security/")
    page.get_by_role("button", name="Atsisakyti").click()
    page.locator("[data-confirm-yes]").click()
    expect(page.locator("h1")).to_contain_text("Patvirtinkite, kad tai Jūs")
    axe(page)
    page.locator("[name=code]").fill(code_of(secret))
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("h1")).to_contain_text("Liko vienas žingsnis")
    axe(page)
    page.get_by_role("button", name="Atlikti dabar").click()
    expect(page.get_by_text("Nenustatyta.")).to_be_visible()


def test_a_session_ended_in_another_browser_is_over_at_the_next_click(
    chrome: Browser, page: Page, live_server: LiveServer, axe: Axe, head: User
) -> None:
    _sign_in(page, live_server)
    with chromium.browsing(chrome) as elsewhere:
        other = elsewhere.pages[0]
        _sign_in(other, live_server)
        other.goto(f"{live_server.url}/settings/sessions/")
        expect(other.get_by_text("ši sesija")).to_be_visible()
        other.get_by_role("button", name="Užbaigti", exact=True).click()
        expect(other.get_by_text("Prisijungimo sesija užbaigta.")).to_be_visible()
    page.goto(f"{live_server.url}/settings/")
    expect(page.locator("[name=username]")).to_be_visible()


def test_a_forgotten_password_is_replaced_by_the_link_of_a_letter(
    page: Page, live_server: LiveServer, axe: Axe, head: User
) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_role("link", name="Pamiršau slaptažodį").click()
    page.locator("[name=username]").fill("vaida")
    page.get_by_role("button", name="Siųsti nuorodą").click()
    expect(page.get_by_text("Jei toks naudotojas")).to_be_visible()
    axe(page)
    letters.send_due_safety_letters()
    link = next(word for word in str(mail.outbox[-1].body).split() if "/recovery/" in word)
    page.goto(link)
    axe(page)
    page.locator("[name=new]").fill("Kitas-geras-slaptažodis-9")
    page.locator("main form button[type=submit]").click()
    _sign_in(page, live_server, "Kitas-geras-slaptažodis-9")
    expect(page.locator(".switcher-name").first).to_contain_text("Baltijos mediena")
