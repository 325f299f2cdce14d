"""Pages of people, mandates and the mailbox, at a desk and 320 pixels wide, judged by axe-core."""

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts import services
from imas.kernel import clock
from mailbox import services as mailbox
from mailbox import words
from mailbox.services import post_message
from representation.models import Taxpayer
from representation.registers.types import RegisterKind, RunSource
from representation.services.importing import ImportOrder, import_register
from representation.services.officers import Officer
from tests import make
from tests.browser import chromium
from tests.browser.conftest import Axe, Look, See, SignIn, keep
from tests.mailbox.make import make_endpoint

SAID = ("Registras %(number)s priimtas", "Mokesčių administratorius priėmė registrą %(number)s.")


@pytest.fixture
def company() -> Taxpayer:
    """A company with a head, a bookkeeper, a key and two messages."""
    taxpayer = make.make_taxpayer(name="UAB „Baltijos mediena“", vat_code="LT100011112313")
    words.register({"test.accepted": SAID})
    for number in ("P-2026-10-1", "P-2026-09-1"):
        post_message(
            taxpayer_id=taxpayer.pk,
            subsystem="isaf",
            key=number,
            code="test.accepted",
            params={"number": number},
        )
    bookkeeper = make.make_user(first_name="Rūta", last_name="Kazlauskaitė")
    until = clock.today() + timedelta(days=90)
    make.make_grant(bookkeeper, taxpayer, "isaf.view", "isaf.upload", until=until)
    make.make_api_key(bookkeeper, taxpayer)
    make.make_certificate(bookkeeper, taxpayer, networks=("192.0.2.0/24",))
    return taxpayer


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "choose",
        "representatives",
        "representative-new",
        "journal",
        "keys",
        "key-new",
        "lookup",
        "lookup-file",
        "waybill-submitters",
        "certificates",
        "certificate-new",
    ],
)
def test_pages_of_mandates_can_be_used_by_everybody(
    look: Look, signed_in: SignIn, company: Taxpayer, name: str
) -> None:
    head = make.make_user(first_name="Vaida", last_name="Vadovė", language="lt")
    make.make_headship(head, company)
    make.make_totp(head)
    signed_in(head, company, proved=True)
    look(reverse(f"representation:{name}"))


def test_a_certificate_and_the_change_of_a_key_can_be_used_by_everybody(
    look: Look, signed_in: SignIn, company: Taxpayer
) -> None:
    head = make.make_user(first_name="Vaida", last_name="Vadovė", language="lt")
    make.make_headship(head, company)
    certificate, _ = make.make_certificate(head, company)
    key, _ = make.make_api_key(head, company)
    signed_in(head, company, proved=True)
    look(reverse("representation:certificate", args=[certificate.pk]))
    look(reverse("representation:key-rotate", args=[key.pk]))


@pytest.mark.parametrize(
    "name",
    [
        "mailbox:messages",
        "mailbox:notices",
        "mailbox:calendar",
        "mailbox:webhooks",
        "mailbox:webhook-new",
        "accounts:profile",
        "accounts:password",
        "accounts:security",
        "accounts:sessions",
        "accounts:rules-read",
        "accounts:factor-choose",
        "accounts:identity",
        "accounts:totp",
        "accounts:passkey-new",
    ],
)
def test_pages_of_a_person_can_be_used_by_everybody(
    look: Look, signed_in: SignIn, company: Taxpayer, name: str
) -> None:
    head = make.make_user(first_name="Vaida", last_name="Vadovė", language="lt")
    make.make_headship(head, company)
    signed_in(head, company)
    look(reverse(name))


def test_a_look_up_can_be_used_by_everybody(
    look: Look, signed_in: SignIn, company: Taxpayer
) -> None:
    head = make.make_user(language="lt")
    make.make_headship(head, company)
    signed_in(head, company)
    look(f"{reverse('representation:lookup')}?q={company.code}&on=2026-11-22")
    look(f"{reverse('representation:lookup')}?q=nieko&on=2026-11-22")


def test_files_of_registers_can_be_used_by_officers(
    look: Look, signed_in: SignIn, company: Taxpayer
) -> None:
    officer = make.make_user(is_staff=True, language="lt")
    make.make_totp(officer)
    file = (
        "code,vat_code,since,until\n"
        f"{company.code},LT100001919017,2024-01-01,\n"
        "999999999,LT100001919017,2024-01-01,\n"
        f"{company.code},LT1,2024-01-01,\n"
    )
    order = ImportOrder(RegisterKind.VAT, RunSource.PORTAL, "pvm-2024.csv")
    run = import_register(Officer(officer), order, io.BytesIO(file.encode()))
    signed_in(officer)
    look(reverse("representation:imports"))
    look(reverse("representation:import-new"))
    look(reverse("representation:import", args=[run.pk]))


def test_a_message_can_be_read_by_everybody(
    page: Page, live_server: LiveServer, axe: Axe, signed_in: SignIn, company: Taxpayer
) -> None:
    head = make.make_user(language="lt")
    make.make_headship(head, company)
    signed_in(head, company)
    page.goto(live_server.url + reverse("mailbox:messages"))
    page.locator("main a", has_text="P-2026-10-1").first.click()
    expect(page.locator("h1")).to_contain_text("P-2026-10-1")
    keep(page, "/mailbox/message", chromium.DESK["width"])
    axe(page)


def test_a_deadline_is_put_off_and_the_calendar_link_is_shown_once(
    page: Page, live_server: LiveServer, axe: Axe, signed_in: SignIn, company: Taxpayer
) -> None:
    head = make.make_user(language="lt")
    make.make_headship(head, company)
    signed_in(head, company)
    page.goto(live_server.url + reverse("mailbox:calendar"))
    waiting = page.locator("main .task").count()
    assert waiting > 3
    page.locator("main .task").first.get_by_role("button").last.click()
    expect(page.locator("main .task")).to_have_count(waiting - 1)
    page.goto(live_server.url + reverse("mailbox:calendar") + "?view=snoozed")
    expect(page.locator("main .task")).to_have_count(1)
    axe(page)
    page.get_by_role("button", name="Sukurti nuorodą").click()
    expect(page.locator("[data-copy-text]")).to_contain_text(".ics")
    axe(page)


def test_a_webhook_and_its_log_can_be_read_by_everybody(
    look: Look, signed_in: SignIn, company: Taxpayer
) -> None:
    head = make.make_user(first_name="Vaida", last_name="Vadovė", language="lt")
    make.make_headship(head, company)
    acting = make.make_acting(user=head, taxpayer=company)
    endpoint, _ = make_endpoint(acting)
    mailbox.rotate_secret(acting, endpoint.pk)
    taken = mailbox.send_test_event(acting, endpoint.pk)
    taken.tries.create(at=clock.now(), status=204, milliseconds=87)
    taken.delivered_at = clock.now()
    taken.save()
    failed = mailbox.send_test_event(acting, endpoint.pk)
    failed.tries.create(at=clock.now(), status=503, milliseconds=412, excerpt="Kraunasi…")
    failed.tries.create(at=clock.now(), fault="silence", milliseconds=15000)
    signed_in(head, company)
    look(reverse("mailbox:webhook", args=[endpoint.pk]))


def test_all_messages_are_chosen_by_one_box_and_put_away(
    page: Page, live_server: LiveServer, axe: Axe, signed_in: SignIn, company: Taxpayer
) -> None:
    head = make.make_user(language="lt")
    make.make_headship(head, company)
    signed_in(head, company)
    page.goto(live_server.url + reverse("mailbox:messages"))
    page.locator("[data-choose-all]").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-chosen]")).to_have_text("Pasirinkta: 2")
    axe(page)
    page.get_by_role("button", name="Į archyvą").click()
    expect(page.locator("main tbody tr")).to_have_count(0)
    page.goto(live_server.url + reverse("mailbox:messages") + "?view=archive")
    expect(page.locator("main tbody tr")).to_have_count(2)


def test_an_accountant_finds_a_client_by_three_letters(
    page: Page, live_server: LiveServer, look: Look, see: See, signed_in: SignIn
) -> None:
    accountant = make.make_user(first_name="Rūta", last_name="Kazlauskaitė", language="lt")
    names = ["UAB „Girios kelias“", "UAB „Sostinės statyba“", "MB „Lentų fabrikas“"]
    for name in names:
        make.make_grant(accountant, make.make_taxpayer(name=name), "isaf.view", "mailbox.view")
    signed_in(accountant, Taxpayer.objects.get(name=names[1]))
    look(reverse("representation:choose"))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(live_server.url)
    see("switcher-closed")
    found = page.locator("#switcher-choices .choice")
    expect(found).to_have_count(0)
    page.locator(".switcher-head").focus()
    page.keyboard.press("Enter")
    expect(found).to_have_count(3)
    expect(page.locator("#switcher-search")).to_be_focused()
    expect(page.locator("[data-announcer]")).to_have_text("3 mokesčių mokėtojai pasirinkti")
    see("switcher-open")
    page.locator("#switcher-search").press_sequentially("gir")
    expect(found).to_have_count(1)
    found.click()
    expect(page.locator(".switcher-name").first).to_contain_text("Girios kelias")


def test_without_scripts_the_switcher_leads_to_the_page_of_all_taxpayers(
    page: Page, live_server: LiveServer, signed_in: SignIn
) -> None:
    page.context.route("**/*.js", lambda route: route.abort())
    accountant = make.make_user(language="lt")
    for name in ("UAB „Girios kelias“", "MB „Lentų fabrikas“"):
        make.make_grant(accountant, make.make_taxpayer(name=name), "mailbox.view")
    signed_in(accountant, Taxpayer.objects.get(name="MB „Lentų fabrikas“"))
    page.goto(live_server.url)
    page.locator(".switcher-head").click()
    expect(page.locator(".switcher-all")).to_have_attribute(
        "href", reverse("representation:choose")
    )
    page.locator("#switcher-search").fill("gir")
    page.keyboard.press("Enter")
    expect(page.locator("#choices tbody tr")).to_have_count(1)
    page.locator("#choices").get_by_role("button", name="Girios kelias").click()
    expect(page.locator(".switcher-name").first).to_contain_text("Girios kelias")


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/sign-in/passkey/", "/recovery/", "/email/undo/x/", "/no-such-page"]
)
def test_a_visitor_meets_calm_pages(look: Look, path: str) -> None:
    look(path, status=404 if path == "/no-such-page" else 200)


@pytest.mark.parametrize("missing", ["rules", "email"])
def test_the_first_visit_asks_one_thing_at_a_time(
    look: Look, signed_in: SignIn, missing: str
) -> None:
    person = make.make_user(ready=False, language="lt")
    if missing == "email":
        services.accept_rules(person, settings.RULES_VERSION)
    signed_in(person)
    look(reverse(f"accounts:{missing}"))


def test_a_page_turns_into_the_other_language(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    assert page.locator("html").get_attribute("lang") == "lt"
    page.locator("button[value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_every_page_works_without_javascript(
    page: Page, live_server: LiveServer, signed_in: SignIn
) -> None:
    accountant = make.make_user(language="lt")
    for name in ("UAB „Girios kelias“", "UAB „Sostinės statyba“"):
        make.make_grant(accountant, make.make_taxpayer(name=name), "isaf.view", "mailbox.view")
    page.route("**/*.js", lambda route: route.abort())
    signed_in(accountant)
    page.goto(live_server.url)
    page.get_by_role("searchbox").last.fill("gir")
    page.get_by_role("searchbox").last.press("Enter")
    expect(page.locator("main tbody tr")).to_have_count(1)
