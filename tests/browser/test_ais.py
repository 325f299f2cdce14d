"""AIS, of a process of its own: roles given here, delivered, carried by signing in, ended."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from joserfc import jwk
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.services.parties import PartyOrder, register_party
from exchange import services
from exchange.configuring import OtherSystem
from exchange.models import RoleAssignment, RoleDelivery
from exchange.selectors import systems_taking_roles
from imas.embedded.notes import free_port
from imas.kernel import clock
from imas.local.systems.pages import NOT_FOUND
from representation.models import Mandate, Taxpayer
from tests import make
from tests.browser.conftest import Look, SignIn
from tests.gateways.running import gateway, tell


@pytest.fixture
def ais(live_server: LiveServer, settings: Settings, tmp_path: Path) -> Iterator[str]:
    """Yield the address of AIS, registered here and told of by the settings."""
    key = tmp_path / "sso.pem"
    key.write_bytes(jwk.RSAKey.generate_key(2048).as_pem(private=True))
    settings.SSO_SIGNING_KEYS, settings.SITE_URL = [str(key)], live_server.url
    with _running(live_server.url, tmp_path / "roles.json") as url:
        settings.OTHER_SYSTEMS = (
            OtherSystem(
                key="ais",
                name={"lt": "AIS", "en": "AIS"},
                about={"lt": "Akcizų informacinė sistema", "en": "Excise information system"},
                address=f"{url}/login",
                roles_address=f"{url}/roles",
            ),
            OtherSystem(key="vmi", name={"lt": "Mano VMI", "en": "Mano VMI"}, address=f"{url}/"),
        )
        yield url


def _running(issuer: str, file: Path) -> AbstractContextManager[str]:
    port = free_port()
    url = f"http://localhost:{port}"
    scopes = frozenset({"profile", "code", "ais"})
    order = PartyOrder("ais", "AIS", (f"{url}/callback",), (f"{url}/",), f"{url}/ended", scopes)
    secret = register_party(order)
    return gateway("tests.gateways.ais", issuer, "ais", secret, str(file), port=port)


@dataclass
class Firm:
    """A company that sells what excise duty is paid for, its head, and who may read its mail."""

    company: Taxpayer
    head: User
    clerk: User


@pytest.fixture
def firm() -> Firm:
    """Make them."""
    company = make.make_taxpayer(name="UAB „Lašas“")
    head = make.make_user("ruta", first_name="Rūta", last_name="Vadovė", language="lt")
    make.make_headship(head, company)
    clerk = make.make_user("ona", first_name="Ona", last_name="Akcizė", language="lt")
    make.make_grant(clerk, company, "mailbox.view")
    return Firm(company, head, clerk)


def _deliver() -> None:
    RoleDelivery.objects.open().update(due_at=clock.now())
    for system in systems_taking_roles():
        services.deliver_due(system)


def _give(page: Page, url: str, *roles: str) -> None:
    """Let whoever is signed in give roles to Ona, as the memo says: system, person, roles, save."""
    page.goto(url + reverse("exchange:rights"))
    page.get_by_role("row", name="AIS").get_by_role("link").click()
    page.get_by_role("row", name="Ona Akcizė").get_by_role("link").click()
    for role in roles:
        page.get_by_label(role).check()
    page.get_by_role("button", name="Išsaugoti").click()
    expect(page.get_by_text("Rolės išsaugotos ir perduodamos.")).to_be_visible()


def test_roles_are_given_delivered_carried_by_signing_in_and_ended_with_the_mandate(
    page: Page, live_server: LiveServer, signed_in: SignIn, ais: str, firm: Firm
) -> None:
    signed_in(firm.head, firm.company, proved=True)
    _give(page, live_server.url, "Duomenų peržiūrėtojas", "Banderolių užsakytojas")
    ona = page.get_by_role("row", name="Ona Akcizė")
    expect(ona).to_contain_text("Laukia perdavimo")
    _deliver()
    page.reload()
    expect(ona).to_contain_text("Perduota")

    signed_in(firm.clerk)
    page.goto(live_server.url + reverse("exchange:systems"))
    page.get_by_role("row", name="AIS").get_by_role("link").click()
    expect(page).to_have_url(f"{ais}/")
    expect(page.locator("main")).to_contain_text("UAB „Lašas“")
    expect(page.locator("li")).to_have_text(["marks", "view"])

    Mandate.objects.update(until=clock.today() - timedelta(days=1))
    RoleAssignment.objects.update(looked_at=clock.now() - timedelta(minutes=6))
    services.look_at_stale()
    _deliver()
    page.goto(ais)
    expect(page.get_by_role("alert")).to_contain_text(NOT_FOUND["lt"])


def test_whoever_has_no_roles_gets_the_memo_s_page(
    page: Page, live_server: LiveServer, signed_in: SignIn, look: Look, ais: str, firm: Firm
) -> None:
    signed_in(firm.clerk)
    page.goto(f"{ais}/login")
    expect(page.get_by_role("alert")).to_contain_text(NOT_FOUND["lt"])
    page.get_by_role("link", name="Ką daryti?").click()
    expect(page.locator("h1")).to_have_text("Prisijungimas prie AIS")
    expect(page.locator("table")).to_contain_text(NOT_FOUND["lt"])
    expect(page.locator("table")).to_contain_text("Sistemų duomenų mainai gali trukti iki 15 min")
    page.goto(live_server.url + reverse("exchange:systems"))
    page.get_by_role("row", name="AIS").get_by_role("link").click()
    expect(page.locator("h1")).to_have_text("Prisijungimas prie AIS")
    look(reverse("exchange:systems"))
    look(reverse("exchange:no-roles", args=["ais"]))


def test_a_silent_ais_is_seen_and_hears_everything_later(
    page: Page, live_server: LiveServer, signed_in: SignIn, look: Look, ais: str, firm: Firm
) -> None:
    tell(ais, down=True)
    signed_in(firm.head, firm.company, proved=True)
    _give(page, live_server.url, "Duomenų peržiūrėtojas")
    _deliver()
    page.reload()
    ona = page.get_by_role("row", name="Ona Akcizė")
    expect(ona).to_contain_text("Dar neperduota")
    expect(ona).to_contain_text("ji atsakė 503")
    expect(ona).to_contain_text("Kitas bandymas:")
    look(reverse("exchange:rights"))
    look(reverse("exchange:people", args=["ais"]))
    tell(ais, down=False, refuse="Toks ūkio subjektas akcizų registre neįregistruotas.")
    _deliver()
    page.goto(live_server.url + reverse("exchange:people", args=["ais"]))
    ona.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("akcizų registre neįregistruotas")
    look(page.url.removeprefix(live_server.url))
    tell(ais)
    page.get_by_role("button", name="Išsaugoti").click()
    _deliver()
    page.reload()
    expect(ona).to_contain_text("Perduota")
