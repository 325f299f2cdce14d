"""An accounting firm in a browser: many clients to many people, one link, an end; and limits."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from imas.kernel import clock
from intake import services as intake
from intake.models import Document
from isaf.models import Register
from representation.models import Mandate, MandateLetter, Taxpayer
from representation.services.letters import token_of
from tests import make
from tests.browser.conftest import Axe, SignIn
from tests.browser.test_mandates import _look, _person
from tests.isaf.files import IsafFile, Sold, judged

CLIENTS = 12
RIGHTS = ("isaf.view", "isaf.upload", "isaf.submit")


@dataclass(frozen=True)
class Office:
    """A firm that twelve clients have given a mandate it may pass on, its head and its people."""

    firm: Taxpayer
    boss: User
    employees: list[User]


@pytest.fixture
def office() -> Office:
    firm = make.make_taxpayer(name="UAB „Tvarkingos sąskaitos“")
    for number in range(CLIENTS):
        client = make.make_taxpayer(name=f"UAB „Klientas {number + 1:02}“")
        make.make_grant(firm, client, *RIGHTS, passing_on=1)
    boss = _person("Rasa", "Buhalterė")
    make.make_headship(boss, firm)
    people = [_person("Greta", "Padėjėja"), _person("Ona", "Onaitė")]
    for person in people:
        make.make_employment(person, firm)
    return Office(firm, boss, people)


def test_many_are_passed_on_accepted_by_one_link_and_ended_together(
    page: Page, live_server: LiveServer, signed_in: SignIn, axe: Axe, office: Office
) -> None:
    greta = office.employees[0]
    signed_in(office.boss, office.firm, proved=True)
    page.goto(live_server.url + reverse("representation:clients"))
    _pass_on(page, axe, office)
    signed_in(greta)
    letter = MandateLetter.objects.get(reader=greta.personal_code_hash)
    page.goto(live_server.url + reverse("representation:offer", args=[token_of(letter)]))
    expect(page.locator("main tbody tr")).to_have_count(CLIENTS)
    _look(page, axe, "offer-many")
    page.get_by_role("button", name="Priimti").click()
    expect(page.locator("main tbody tr")).to_have_count(CLIENTS)
    page.locator("main tbody tr").first.get_by_role("button").first.click()
    expect(page.locator(".switcher-name").first).to_contain_text("Klientas")
    signed_in(office.boss, office.firm, proved=True)
    page.goto(live_server.url + reverse("representation:matrix"))
    _end_all(page, axe)
    signed_in(greta)
    page.goto(live_server.url)
    expect(page.locator("h1")).to_have_text("Jūsų atstovaujami mokesčių mokėtojai")
    expect(page.locator("main tbody tr")).to_have_count(0)


def _pass_on(page: Page, axe: Axe, office: Office) -> None:
    page.get_by_role("link", name="Perįgalioti darbuotojus").first.click()
    page.get_by_label("Visi toliau išvardyti klientai").check()
    lines = [f"{one.full_name}; {one.personal_code}; {one.email}" for one in office.employees]
    page.get_by_label("Nauji asmenys").fill("\n".join(lines))
    page.get_by_label("i.SAF: peržiūrėti").check()
    _look(page, axe, "bulk")
    page.get_by_role("button", name="Patikrinti").click()
    expect(page.locator("main tbody tr")).to_have_count(2 * CLIENTS)
    _look(page, axe, "bulk-check")
    page.locator("#send").get_by_role("button", name="Perįgalioti").click()
    expect(page.locator("main tbody tr")).to_have_count(2 * CLIENTS)
    _look(page, axe, "matrix-waiting")


def _end_all(page: Page, axe: Axe) -> None:
    _look(page, axe, "matrix")
    page.get_by_label("Asmuo").select_option(label="Greta Padėjėja")
    expect(page.locator("main tbody tr")).to_have_count(CLIENTS)
    for box in page.locator("main input[name=mandate]").all():
        box.check()
    page.get_by_role("button", name="Atšaukti pažymėtus").click()
    _look(page, axe, "bulk-end")
    page.locator("main").get_by_role("button", name=re.compile("^Atšaukti$")).click()
    expect(page.locator("main tbody tr")).to_have_count(CLIENTS)


def test_a_list_is_checked_and_passed_on(
    page: Page, live_server: LiveServer, signed_in: SignIn, axe: Axe, office: Office
) -> None:
    until = (clock.today() + timedelta(days=90)).isoformat()
    rows = ["klientas;vardas ir pavardė;asmens kodas;el. paštas;teisės;iki"]
    for held in Mandate.objects.filter(firm=office.firm)[:3]:
        for one in office.employees:
            named = f"{held.taxpayer.code};{one.full_name};{one.personal_code};{one.email}"
            rows.append(f"{named};isaf.view;{until}")
    wrong = office.employees[0].personal_code
    rows.append(f"{office.firm.code};Ona Onaitė;{wrong};ona;isaf.view;kada nors")
    signed_in(office.boss, office.firm, proved=True)
    page.goto(live_server.url + reverse("representation:mandate-list"))
    _look(page, axe, "list")
    file = FilePayload(name="sarasas.csv", mimeType="text/csv", buffer="\n".join(rows).encode())
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Patikrinti").click()
    expect(page.locator("main")).to_contain_text("list-until")
    _look(page, axe, "list-check")
    page.get_by_label("Praleisti tai, kas atmesta").check()
    page.locator("#send").get_by_role("button", name="Perįgalioti").click()
    expect(page.locator("main tbody tr")).to_have_count(6)
    assert MandateLetter.objects.count() == 2


def test_whoever_is_limited_to_purchases_is_refused_with_sales(
    page: Page, live_server: LiveServer, signed_in: SignIn, axe: Axe
) -> None:
    company = make.make_taxpayer(name="UAB „Girios kelias“")
    head, clerk = _person("Vaida", "Vadovė"), _person("Rūta", "Kazlauskaitė")
    make.make_headship(head, company)
    file = IsafFile(company.code, sales=[Sold("S 1")], purchases=[Sold("P 1")])
    judged(make.make_acting(user=head, taxpayer=company), file)
    signed_in(head, company, proved=True)
    page.goto(live_server.url + reverse("representation:representative-new"))
    _offer_purchases(page, axe, clerk)
    mandate = Mandate.objects.get()
    assert mandate.limits == {"isaf.register": ["P"]}
    signed_in(clerk)
    link = reverse("representation:offer", args=[token_of(mandate.letters.get())])
    page.goto(live_server.url + link)
    _look(page, axe, "limited-offer")
    page.get_by_role("button", name="Priimti").click()
    page.goto(live_server.url + reverse("isaf:registers"))
    _look(page, axe, "limited-registers")
    sales = Register.objects.get(taxpayer=company, type="SALES_REGISTRY")
    answer = page.goto(live_server.url + reverse("isaf:register", args=[sales.number]))
    assert answer
    assert answer.status == 404
    page.goto(live_server.url + reverse("isaf:upload"))
    _send(page, IsafFile(company.code, data_type="S", sales=[Sold("S 2")]).render())
    document = Document.objects.latest("arrival")
    intake.process(document.pk)
    page.goto(live_server.url + reverse("isaf:file", args=[document.pk]))
    expect(page.locator("main")).to_contain_text("12002")
    _look(page, axe, "limited-refused")


def _offer_purchases(page: Page, axe: Axe, clerk: User) -> None:
    page.locator("#id_name").fill(clerk.full_name)
    page.locator("#id_personal_code").fill(clerk.personal_code)
    page.locator("#id_email").fill(clerk.email)
    for right in ("i.SAF: peržiūrėti", "i.SAF: įkelti registrų rinkmenas"):
        page.get_by_label(right).check()
    page.get_by_label("gaunamų sąskaitų faktūrų").check()
    _look(page, axe, "limited-new")
    page.get_by_role("button", name="Išsaugoti").click()
    expect(page.locator("#waiting-title")).to_be_visible()


def _send(page: Page, content: bytes) -> None:
    file = FilePayload(name="pardavimai.xml", mimeType="application/xml", buffer=content)
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/isaf/files/**")
