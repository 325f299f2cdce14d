"""Second factors in a real browser: the app, passkeys (a virtual authenticator), recovery codes."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts import services
from accounts.models import Passkey, User
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


@pytest.fixture
def authenticator(context: BrowserContext, page: Page) -> Iterator[CDPSession]:
    """A device that keeps passkeys and always knows its owner."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield session
    session.detach()


def _write_password(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.locator("[name=username]").fill("vaida")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()


def _sign_out(page: Page) -> None:
    page.locator("summary", has_text="Vaida Vadovė").click()
    page.get_by_role("button", name="Atsijungti").click()
    expect(page.locator("[name=username]")).to_be_visible()


def test_the_app_is_taken_on_and_asked_for_at_the_next_sign_in(
    page: Page, live_server: LiveServer, axe: Axe, head: User
) -> None:
    _write_password(page, live_server)
    page.goto(f"{live_server.url}/settings/security/app/")
    axe(page)
    expect(page.locator(".qr svg")).to_be_visible()
    secret = page.locator("[data-copy-text]").inner_text()
    page.locator("[name=code]").fill(code_of(secret))
    page.locator("main form .btn-primary").click()
    expect(page.locator("pre.codes")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Išsaugojau").click()
    expect(page.get_by_text("Liko 10 kodų")).to_be_visible()
    axe(page)
    _sign_out(page)
    _write_password(page, live_server)
    expect(page.locator("h1")).to_have_text(re.compile("Antrasis prisijungimo žingsnis"))
    axe(page)
    page.locator("[name=code]").fill(code_of(secret, 1))
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".switcher-name").first).to_contain_text("Baltijos mediena")


def test_a_passkey_is_made_proves_the_second_factor_and_signs_in_alone(
    page: Page, live_server: LiveServer, axe: Axe, head: User, authenticator: CDPSession
) -> None:
    _write_password(page, live_server)
    page.goto(f"{live_server.url}/settings/security/passkeys/new/")
    axe(page)
    page.locator("[name=name]").fill("Darbo kompiuteris")
    page.locator("form[data-passkey] button").click()
    page.get_by_role("button", name="Išsaugojau").click()
    expect(page.get_by_text("Darbo kompiuteris")).to_be_visible()
    _sign_out(page)
    _write_password(page, live_server)
    axe(page)
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".switcher-name").first).to_contain_text("Baltijos mediena")
    _sign_out(page)
    page.get_by_role("link", name="Prisijungti prieigos raktu").click()
    axe(page)
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".switcher-name").first).to_contain_text("Baltijos mediena")
    assert Passkey.objects.get(user=head).last_used_at is not None


def test_a_copied_passkey_is_refused(
    page: Page, live_server: LiveServer, head: User, authenticator: CDPSession
) -> None:
    _write_password(page, live_server)
    page.goto(f"{live_server.url}/settings/security/passkeys/new/")
    page.locator("[name=name]").fill("Raktas")
    page.locator("form[data-passkey] button").click()
    page.get_by_role("button", name="Išsaugojau").click()
    _sign_out(page)
    Passkey.objects.update(sign_count=1_000_000)
    page.goto(f"{live_server.url}/sign-in/passkey/")
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".error-summary")).to_contain_text("nepriimtas")


def test_a_passkey_answers_no_page_but_ours(
    page: Page, live_server: LiveServer, settings: Settings, head: User, authenticator: CDPSession
) -> None:
    _write_password(page, live_server)
    page.goto(f"{live_server.url}/settings/security/passkeys/new/")
    page.locator("[name=name]").fill("Raktas")
    settings.SITE_URL = "http://localhost:1"
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".error-summary")).to_contain_text("nepriimtas")
    assert not Passkey.objects.exists()


def test_a_browser_that_refuses_is_explained(
    page: Page, live_server: LiveServer, axe: Axe, head: User
) -> None:
    page.goto(f"{live_server.url}/sign-in/passkey/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')); }")
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".error-summary")).to_contain_text("nepanaudojo")
    axe(page)


def test_a_recovery_code_lets_in_whoever_has_lost_the_phone(
    page: Page, live_server: LiveServer, axe: Axe, head: User
) -> None:
    make_totp(head)
    code = services.new_recovery_codes(head)[0]
    _write_password(page, live_server)
    page.get_by_role("link", name="atkūrimo kodą").click()
    axe(page)
    page.locator("[name=code]").fill(code)
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".switcher-name").first).to_contain_text("Baltijos mediena")
