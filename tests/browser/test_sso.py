"""Two other systems, of processes of their own, share our session in a real browser."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc import jwk
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import Sharing, User
from accounts.services.parties import PartyOrder, register_party
from accounts.sso import telling
from imas.embedded.notes import free_port
from imas.kernel import clock
from tests import make
from tests.gateways.running import gateway, tell


@pytest.fixture
def mates(live_server: LiveServer, settings: Settings, tmp_path: Path) -> Iterator[list[str]]:
    """Yield the addresses of Mano VMI and EDS, registered here."""
    key = tmp_path / "sso.pem"
    key.write_bytes(jwk.RSAKey.generate_key(2048).as_pem(private=True))
    settings.SSO_SIGNING_KEYS, settings.SITE_URL = [str(key)], live_server.url
    with ExitStack() as stack:
        yield [stack.enter_context(_mate(name, live_server.url)) for name in ("vmi", "eds")]


def _mate(name: str, issuer: str) -> AbstractContextManager[str]:
    port = free_port()
    url = f"http://localhost:{port}"
    secret = register_party(
        PartyOrder(
            name,
            name,
            (f"{url}/callback",),
            (f"{url}/",),
            f"{url}/ended",
            frozenset({"profile", "code"}),
        )
    )
    return gateway("tests.gateways.house_mate", issuer, name, secret, port=port)


@pytest.fixture
def person() -> User:
    """A person with a password and a personal code."""
    return make.make_user("ona", personal_code=make.personal_code(), language="lt")


def _sign_in_at(page: Page, mate: str) -> None:
    page.goto(mate)
    page.get_by_role("link", name="Sign in").click()


def _by_password(page: Page) -> None:
    page.locator("input[name=username]").fill("ona")
    page.locator("input[name=password]").fill(make.PASSWORD)
    page.locator("form:has(input[name=password]) button").click()


def test_who_signs_in_once_is_known_by_all_and_who_signs_out_in_one_is_out_of_all(
    page: Page, live_server: LiveServer, mates: list[str], person: User
) -> None:
    vmi, eds = mates
    _sign_in_at(page, vmi)
    _by_password(page)
    expect(page).to_have_url(f"{vmi}/")
    expect(page.locator("main p")).to_contain_text(person.personal_code)
    _sign_in_at(page, eds)
    expect(page).to_have_url(f"{eds}/")
    expect(page.locator("main p")).to_contain_text(person.personal_code)
    page.goto(f"{live_server.url}/settings/")
    expect(page).to_have_url(f"{live_server.url}/settings/")

    page.goto(eds)
    page.get_by_role("link", name="Sign out").click()
    expect(page).to_have_url(f"{eds}/")
    telling.tell_all_due()
    for mate in mates:
        page.goto(mate)
        expect(page.locator("main p")).to_contain_text("Nobody")
    page.goto(f"{live_server.url}/settings/")
    expect(page).to_have_url(f"{live_server.url}/sign-in/?next=/settings/")


def test_signing_out_here_ends_all_even_those_who_do_not_hear_at_once(
    page: Page, live_server: LiveServer, mates: list[str], person: User
) -> None:
    vmi, eds = mates
    _sign_in_at(page, vmi)
    _by_password(page)
    expect(page).to_have_url(f"{vmi}/")
    _sign_in_at(page, eds)
    expect(page).to_have_url(f"{eds}/")
    tell(vmi, deaf=True)
    page.goto(f"{live_server.url}/settings/")
    page.evaluate("document.querySelector('form[action=\"/sign-out/\"]').submit()")
    expect(page).to_have_url(f"{live_server.url}/sign-in/")
    telling.tell_all_due()
    page.goto(eds)
    expect(page.locator("main p")).to_contain_text("Nobody")
    assert Sharing.objects.filter(told_at=None).get().party_id == "vmi"
    tell(vmi, deaf=False)
    Sharing.objects.filter(told_at=None).update(due_at=clock.now() - timedelta(seconds=1))
    telling.tell_all_due()
    page.goto(vmi)
    expect(page.locator("main p")).to_contain_text("Nobody")
