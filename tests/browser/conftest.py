"""Chromium against the live server: nothing may be said in its console, nothing may break CSP."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from accounts import sessions, stepup
from accounts.models import User
from representation.models import Taxpayer
from representation.requests import CHOSEN
from tests.browser import chromium

SignIn = Callable[..., None]
Axe = Callable[[Page], None]
Look = Callable[..., None]
See = Callable[[str], None]
NARROW = {"width": 320, "height": 640}
_LONGEST_NAME = 120
"""Letters of the name of a picture."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    here = Path(__file__).parent
    missing = chromium.what_is_missing()
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            if missing:
                item.add_marker(pytest.mark.skip(reason=f"BROWSER TESTS DO NOT RUN, {missing}"))


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    """Chromium, one for these tests.

    Playwright keeps an event loop in this thread, which Django takes for an asynchronous caller;
    the ORM is never called from inside the loop.
    """
    with pytest.MonkeyPatch.context() as patch, chromium.chromium() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield started
        connections.close_all()  # out of the loop Django has others, and these would stay open


@pytest.fixture
def context(chrome: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A fresh browser, in Lithuanian, on a desk."""
    with chromium.browsing(chrome) as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """One tab; at the end its console must be empty of errors (a breach of CSP is one)."""
    tab = context.pages[0]
    said: list[str] = []
    tab.on("console", lambda message: _note(message, said))
    tab.on("pageerror", lambda error: said.append(str(error)))
    yield tab
    assert not said, "\n".join(said)


@pytest.fixture
def signed_in(context: BrowserContext, live_server: LiveServer) -> SignIn:
    """Return a function that signs a person in without the form, acting for a taxpayer."""
    return signing_in(context, live_server.url)


def signing_in(context: BrowserContext, url: str) -> SignIn:
    """Return the same for another browser, where two people are at work at once."""

    def sign_in(user: User, taxpayer: Taxpayer | None = None, *, proved: bool = False) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        if taxpayer:
            session[CHOSEN] = taxpayer.pk
        sessions.begin(session)
        if proved:
            stepup.confirm(session)
        session.save()
        name, value = settings.SESSION_COOKIE_NAME, str(session.session_key)
        context.add_cookies([{"name": name, "value": value, "url": url}])

    return sign_in


@pytest.fixture
def axe() -> Axe:
    """Return a function that fails with everything axe-core finds wrong on a page."""

    def check(page: Page) -> None:
        found = chromium.violations(page)
        assert not found, f"{page.url}\n" + "\n\n".join(found)

    return check


@pytest.fixture
def look(page: Page, live_server: LiveServer, axe: Axe) -> Look:
    """Return a function that opens an address at a desk, and lets axe judge it there and narrow.

    PICTURES=folder keeps a picture of each, for a person to look at.
    """

    def see(path: str, status: int = 200) -> None:
        page.goto("about:blank")  # a page that renews itself would cut in
        _resize(page, chromium.DESK)
        answer = page.goto(live_server.url + path)
        assert answer
        assert answer.status == status
        assert page.url == live_server.url + path
        for size in (chromium.DESK, NARROW):
            _resize(page, size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            keep(page, path, size["width"])
            axe(page)

    return see


@pytest.fixture
def see(page: Page, axe: Axe) -> See:
    """Return a function that judges the page as it stands, at a desk and on a phone.

    PICTURES=folder keeps a picture of each under the name given.
    """

    def judge(name: str) -> None:
        for size in (chromium.DESK, chromium.PHONE):
            _resize(page, size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            keep(page, name, size["width"])
            axe(page)
        _resize(page, chromium.DESK)

    return judge


def _resize(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def _note(message: ConsoleMessage, said: list[str]) -> None:
    # A page that answers 4xx on purpose is named in the console as a failed resource.
    if message.type == "error" and "Failed to load resource" not in message.text:
        said.append(message.text)


def keep(page: Page, path: str, width: int) -> None:
    """Keep a picture in the folder PICTURES names, for a person to look at."""
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", path).strip("-")[:_LONGEST_NAME] or "home"
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
