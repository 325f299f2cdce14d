"""The life of a mandate in a browser: offered, accepted by the link, used, taken back."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from imas.kernel import clock
from representation import services
from representation.models import Mandate, Taxpayer
from representation.services.letters import token_of
from tests import make
from tests.browser import chromium
from tests.browser.conftest import Axe, SignIn

WIDTHS = (1440, 390)


def _person(name: str, surname: str) -> User:
    code = make.personal_code()
    return make.make_user(first_name=name, last_name=surname, language="lt", personal_code=code)


@pytest.fixture
def client() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Girios kelias“")


@pytest.fixture
def head(client: Taxpayer) -> User:
    user = _person("Vaida", "Vadovė")
    make.make_headship(user, client)
    return user


def _name_representative(page: Page, person: User) -> None:
    page.locator("#id_name").fill(person.full_name)
    page.locator("#id_personal_code").fill(person.personal_code)
    page.locator("#id_email").fill(person.email)
    page.get_by_label("i.SAF: peržiūrėti").check()
    page.get_by_role("button", name="Išsaugoti").click()


def test_offered_by_the_head_accepted_by_link_revoked_and_gone(
    page: Page, live_server: LiveServer, signed_in: SignIn, axe: Axe, head: User, client: Taxpayer
) -> None:
    person = _person("Rūta", "Kazlauskaitė")
    signed_in(head, client, proved=True)
    page.goto(live_server.url + reverse("representation:representatives"))
    page.get_by_role("link", name="Naujas atstovas").click()
    axe(page)
    _name_representative(page, person)
    expect(page.locator("#waiting-title")).to_be_visible()
    _look(page, axe, "representatives")
    mandate = Mandate.objects.get()
    link = live_server.url + reverse("representation:offer", args=[token_of(mandate.letters.get())])
    signed_in(person)
    page.goto(link)
    _look(page, axe, "offer")
    page.get_by_role("button", name="Priimti").click()
    page.goto(live_server.url)
    expect(page.locator(".switcher-name").first).to_contain_text("Girios kelias")
    acting = make.make_acting(user=head, taxpayer=client)
    services.revoke(acting, mandate.pk)
    page.goto(live_server.url)
    expect(page.locator("h1")).to_have_text("Jūsų atstovaujami mokesčių mokėtojai")
    page.goto(link)
    _look(page, axe, "offer-failed")


def test_a_firm_accepts_passes_on_to_an_employee_and_the_chain_breaks(
    page: Page, live_server: LiveServer, signed_in: SignIn, axe: Axe, head: User, client: Taxpayer
) -> None:
    firm = make.make_taxpayer(name="UAB „Tvarkingos sąskaitos“")
    boss, employee = _person("Rasa", "Buhalterė"), _person("Greta", "Padėjėja")
    make.make_headship(boss, firm)
    make.make_employment(employee, firm)
    terms = services.Terms(["isaf.view"], clock.today() + timedelta(days=90), passing_on=1)
    services.offer(make.make_acting(user=head, taxpayer=client), firm.code, terms)
    signed_in(boss, firm, proved=True)
    page.goto(live_server.url + reverse("representation:clients"))
    _look(page, axe, "clients-waiting")
    page.get_by_role("button", name="Priimti").click()
    page.locator("main table").get_by_role("link", name="Perįgalioti").click()
    _look(page, axe, "pass-on")
    _name_representative(page, employee)
    passed = Mandate.objects.get(via__isnull=False)
    signed_in(employee)
    page.goto(
        live_server.url + reverse("representation:offer", args=[token_of(passed.letters.get())])
    )
    expect(page.locator("main")).to_contain_text("Tvarkingos sąskaitos")
    page.get_by_role("button", name="Priimti").click()
    page.goto(live_server.url)
    expect(page.locator(".switcher-name").first).to_contain_text("Girios kelias")
    signed_in(boss, firm, proved=True)
    page.goto(live_server.url + reverse("representation:clients"))
    expect(page.locator("main")).to_contain_text("Greta Padėjėja")
    _look(page, axe, "clients")
    services.revoke(make.make_acting(user=head, taxpayer=client), Mandate.objects.get(firm=firm).pk)
    signed_in(employee)
    page.goto(live_server.url)
    expect(page.locator("h1")).to_have_text("Jūsų atstovaujami mokesčių mokėtojai")


def test_an_accountant_asks_the_taxpayer_accepts_and_the_day_passes(
    page: Page, live_server: LiveServer, signed_in: SignIn, axe: Axe, head: User, client: Taxpayer
) -> None:
    accountant = _person("Rūta", "Kazlauskaitė")
    signed_in(accountant)
    page.goto(live_server.url + reverse("representation:ask"))
    _look(page, axe, "ask")
    page.get_by_label("Mokesčių mokėtojo kodas").fill(client.code)
    page.get_by_label("i.SAF: peržiūrėti").check()
    page.get_by_role("button", name="Siųsti prašymą").click()
    signed_in(head, client, proved=True)
    page.goto(live_server.url + reverse("representation:representatives"))
    page.get_by_role("button", name="Priimti").click()
    signed_in(accountant)
    page.goto(live_server.url)
    expect(page.locator(".switcher-name").first).to_contain_text("Girios kelias")
    Mandate.objects.update(
        since=clock.today() - timedelta(days=9), until=clock.today() - timedelta(days=1)
    )
    page.goto(live_server.url)
    expect(page.locator("h1")).to_have_text("Jūsų atstovaujami mokesčių mokėtojai")


def _look(page: Page, axe: Axe, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if folder := os.environ.get("PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        axe(page)
    page.set_viewport_size({"width": chromium.DESK["width"], "height": chromium.DESK["height"]})
