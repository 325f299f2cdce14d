"""Chromium against the live server: nothing may be said in its console, nothing may break CSP."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright
from pytest_django.live_server_helper import LiveServer

from accounts import sessions, stepup
from accounts.models import User
from representation.models import Taxpayer
from representation.requests import CHOSEN
from tests.browser import chromium

SignIn = Callable[..., None]
Axe = Callable[[Page], None]


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
def driver() -> Iterator[Playwright]:
    """Playwright's driver, one for these tests.

    It keeps an event loop in this thread, which Django takes for an asynchronous caller; the ORM is
    never called from inside the loop.
    """
    with pytest.MonkeyPatch.context() as patch, chromium.playwright() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield started


@pytest.fixture
def context(
    driver: Playwright, live_server: LiveServer, tmp_path: Path
) -> Iterator[BrowserContext]:
    """A fresh browser, in Lithuanian, on a desk."""
    with chromium.browsing(driver, tmp_path / "profile") as opened:
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
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def axe() -> Axe:
    """Return a function that fails with everything axe-core finds wrong on a page."""

    def check(page: Page) -> None:
        found = chromium.violations(page)
        assert not found, f"{page.url}\n" + "\n\n".join(found)

    return check


def _note(message: ConsoleMessage, said: list[str]) -> None:
    # A page that answers 4xx on purpose is named in the console as a failed resource.
    if message.type == "error" and "Failed to load resource" not in message.text:
        said.append(message.text)
