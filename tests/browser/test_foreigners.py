"""A foreign national in a browser: applies, is approved, comes in, acts for a taxpayer."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.urls import reverse
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts import applicants, services
from accounts.models import ForeignApplication, SafetyLetter, User
from accounts.providers.types import Code, Proof
from accounts.services.applying import write_to_applicant
from accounts.types import (
    ApplicantLetter,
    ApplicationState,
    Assurance,
    LetterKind,
    Means,
    MeansKind,
)
from imas.kernel import clock
from representation import services as representation
from representation.models import Headship, Mandate
from representation.services.letters import token_of
from tests import make
from tests.browser import chromium
from tests.browser.conftest import See, SignIn

PDF = FilePayload(name="pasas.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7 ")


@pytest.fixture(autouse=True)
def _here(settings: Settings, live_server: LiveServer) -> None:
    settings.SITE_URL = live_server.url


@pytest.fixture
def officer() -> User:
    user = make.make_user(is_staff=True, first_name="Ina", last_name="Pareigūnė", language="lt")
    make.make_totp(user)
    return user


def _fill(page: Page) -> None:
    for name, value in (
        ("first_name", "Łukasz"),
        ("last_name", "Nowak"),
        ("code", "850412 12346"),
        ("born_on", "1985-04-12"),
        ("email", "lukasz@example.pl"),
        ("purpose", "Vadovauju UAB „Girios kelias“."),
    ):
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_country").select_option("PL")
    page.locator("#id_kind").select_option("national")
    page.locator("#id_scan").set_input_files([PDF])
    page.get_by_role("button", name="Siųsti paraišką").click()


def test_from_the_application_to_acting_for_a_taxpayer(
    page: Page, live_server: LiveServer, context: BrowserContext, signed_in: SignIn, officer: User
) -> None:
    _apply_and_confirm(page, live_server)
    application = ForeignApplication.objects.get()
    signed_in(officer, proved=True)
    page.goto(live_server.url + reverse("accounts:applications"))
    page.get_by_role("link", name="Łukasz Nowak").click()
    expect(page.locator("#id_login_name")).to_have_value("lukasz.nowak")
    page.get_by_role("button", name="Patvirtinti").click()
    expect(page.locator("main")).to_contain_text("Ina Pareigūnė")
    context.clear_cookies()
    _come_in(page, live_server)
    user = User.objects.get(application=application)
    _be_given_a_mandate(page, live_server, user)
    expect(page.locator(".switcher-name").first).to_contain_text("Girios kelias")


def _apply_and_confirm(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_role("link", name="Esu užsienio pilietis").click()
    _fill(page)
    expect(page.locator("h1")).to_have_text("Patikrinkite el. paštą")
    letter = ForeignApplication.objects.get().letters.get()
    token = services.applicant_secret(letter)
    page.goto(live_server.url + reverse("accounts:apply-confirm", args=[token]))
    page.get_by_role("button", name="Patvirtinti").click()
    expect(page.locator("h1")).to_have_text("Paraiška išsiųsta")


def _come_in(page: Page, live_server: LiveServer) -> None:
    letter = SafetyLetter.objects.get(kind=LetterKind.WELCOME)
    token = services.secret_of(letter)
    page.goto(live_server.url + reverse("accounts:first-password", args=[token]))
    page.locator("#id_new").fill(make.PASSWORD)
    page.get_by_role("button", name="Nustatyti slaptažodį").click()
    page.locator("[name=username]").fill("lukasz.nowak")
    page.locator("[name=password]").fill(make.PASSWORD)
    page.locator("main button[type=submit]").click()
    page.locator("#id_accept").check()
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(f"{live_server.url}/second-factor/choose/")
    page.goto(f"{live_server.url}/settings/")
    expect(page).to_have_url(f"{live_server.url}/second-factor/choose/")
    page.goto(f"{live_server.url}/settings/security/app/")
    secret = page.locator("[data-copy-text]").inner_text()
    page.locator("[name=code]").fill(make.code_of(secret))
    page.locator("main form .btn-primary").click()
    page.get_by_role("button", name="Išsaugojau").click()
    page.goto(f"{live_server.url}/settings/")
    expect(page.locator("main")).to_contain_text("lukasz@example.pl")


def _be_given_a_mandate(page: Page, live_server: LiveServer, user: User) -> None:
    head, client = make.make_user(), make.make_taxpayer(name="UAB „Girios kelias“")
    make.make_headship(head, client)
    named = representation.NewPerson(
        "Łukasz Nowak", "", user.email, country="PL", foreign_code="85041212346"
    )
    terms = representation.Terms(["isaf.view"], clock.today() + timedelta(days=90))
    representation.offer(make.make_acting(user=head, taxpayer=client), named, terms)
    letter = Mandate.objects.get().letters.get()
    page.goto(live_server.url + reverse("representation:offer", args=[token_of(letter)]))
    page.get_by_role("button", name="Priimti").click()
    page.goto(live_server.url)


@pytest.mark.parametrize("language", chromium.LOCALES)
def test_pages_of_applicants_can_be_used_by_everybody(
    page: Page, live_server: LiveServer, context: BrowserContext, see: See, language: str
) -> None:
    context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
    page.goto(live_server.url + reverse("accounts:apply"))
    see(f"{language}-apply")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    see(f"{language}-apply-wrong")
    application = make.make_application(state=ApplicationState.UNCONFIRMED, language=language)
    letter = write_to_applicant(application, ApplicantLetter.CONFIRM, timedelta(hours=1))
    page.goto(
        live_server.url
        + reverse("accounts:apply-confirm", args=[services.applicant_secret(letter)])
    )
    see(f"{language}-apply-confirm")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main .code")).to_have_text(application.reference)
    see(f"{language}-apply-waiting")
    page.goto(live_server.url + reverse("accounts:first-password", args=["unknown"]))
    see(f"{language}-apply-failed")
    officer = make.make_user(is_staff=True)
    user = services.approve_application(officer, application.pk, "jan.kowalski")
    token = services.secret_of(user.safety_letters.get())
    page.goto(live_server.url + reverse("accounts:first-password", args=[token]))
    see(f"{language}-first-password")


@pytest.mark.parametrize("language", chromium.LOCALES)
def test_somebody_proved_by_a_provider_is_asked_for_the_rest_only(
    page: Page, live_server: LiveServer, context: BrowserContext, see: See, language: str
) -> None:
    session = SessionStore()
    means = Means(MeansKind.VIISP, "auth.eidas", Assurance.SUBSTANTIAL)
    applicants.note(session, Proof(means, Code("EE", "38001085718"), "Mart", "Tamm"))
    session.save()
    cookies = {"language": language, settings.SESSION_COOKIE_NAME: str(session.session_key)}
    context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    page.goto(live_server.url + reverse("accounts:apply"))
    expect(page.locator("main")).to_contain_text("38001085718")
    expect(page.locator("#id_code")).to_have_count(0)
    see(f"{language}-apply-proved")
    page.locator("#id_email").fill("mart@example.ee")
    page.locator("#id_purpose").fill("Head of a company")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main form")).to_have_count(0)
    see(f"{language}-apply-sent")
    assert ForeignApplication.objects.get().proved_by == "viisp:auth.eidas"


@pytest.mark.parametrize("language", chromium.LOCALES)
def test_pages_of_officers_can_be_used_by_everybody(
    page: Page, live_server: LiveServer, signed_in: SignIn, officer: User, see: See, language: str
) -> None:
    User.objects.filter(pk=officer.pk).update(language=language)
    known = make.make_foreigner("LV", "32673310999", first_name="Jānis", last_name="Bērziņš")
    waiting = make.make_application(
        first_name="Łukasz",
        last_name="Nowak",
        born_on="1985-04-12",
        scan_name="x",
        proved_by="viisp:auth.eidas",
        kind="eidas",
    )
    company = make.make_taxpayer(name="UAB „Girios kelias“")
    Headship.objects.create(person=waiting.code_hash, taxpayer=company, since=make.LONG_AGO)
    twice = make.make_application(
        first_name=known.first_name, last_name=known.last_name, country="LV", code="32673310999"
    )
    declined, approved = (
        make.make_application(first_name="Matti", last_name=name, country="FI")
        for name in ("Virtanen", "Korhonen")
    )
    services.decline_application(officer, declined.pk, "Dokumento kopija neįskaitoma.")
    services.approve_application(officer, approved.pk, "matti.korhonen")
    signed_in(officer, proved=True)
    page.goto(live_server.url + reverse("accounts:applications") + "?state=")
    see(f"{language}-applications")
    page.goto(live_server.url + reverse("accounts:applications") + "?state=&text=nobody")
    see(f"{language}-applications-none")
    for name, one in (
        ("waiting", waiting),
        ("twice", twice),
        ("declined", declined),
        ("approved", approved),
    ):
        page.goto(live_server.url + reverse("accounts:application", args=[one.pk]))
        see(f"{language}-application-{name}")
