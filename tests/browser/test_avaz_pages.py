"""Pages of a.VAZ: in the portal, and at the desk, which is another process; both judged by axe."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from avaz.models import Access
from avaz.services import declaring, ordering, taking_over
from avaz.services.declaring import Declaration
from avaz.services.taking_over import Told
from avaz.types import Effect, Subsystem
from imas.kernel import clock
from representation.services.officers import OPERATOR
from tests import make
from tests.avaz.fallback import Desk, access, running_desk
from tests.browser.conftest import Look, See, SignIn

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "ABCDEFG"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running_desk(tmp_path_factory.mktemp("avaz"), STATIC_ROOT="staticfiles") as started:
        yield started


@pytest.fixture
def held() -> Access:
    user = make.make_user(phone="+37060000001", phone_confirmed_at=clock.now(), language="lt")
    make.make_headship(user, make.make_taxpayer(name="UAB „Baltijos ekspresas“"))
    ordering.look_at_people()
    return Access.objects.get()


@pytest.mark.parametrize("language", ["lt", "en"])
def test_pages_of_the_portal(look: Look, signed_in: SignIn, held: Access, language: str) -> None:
    held.user.language = language
    held.user.save()
    signed_in(held.user, held.taxpayer)
    for name in ("status", "outages", "codes", "fallbacks"):
        look(reverse(f"avaz:{name}"))
    now = clock.now()
    words = {"words_lt": "Taisoma duomenų bazė.", "words_en": "The database is being mended."}
    start = now - timedelta(hours=2)
    declaring.declare(
        OPERATOR, Declaration(Subsystem.IVAZ, start, None, Effect.LATE_WAYBILLS, **words)
    )
    for serial, number in enumerate(("VAZ 2026-11/0042", "", "VN95663548"), 1):
        taking_over.take_over(
            Told(
                uuid.UUID(int=1), serial, f"AV260000{serial:04}", held.pk, number, "outage", "",
                "web", start, None, now,
            )
        )  # fmt: skip
    for name in ("status", "outages", "fallbacks"):
        look(
            f"{reverse(f'avaz:{name}')}?{language}" if language == "en" else reverse(f"avaz:{name}")
        )


def test_a_code_is_renewed(
    page: Page, live_server: LiveServer, signed_in: SignIn, held: Access, see: See
) -> None:
    signed_in(held.user, held.taxpayer)
    page.goto(live_server.url + reverse("avaz:codes"))
    page.get_by_role("button", name="Atnaujinti").click()
    page.locator("[data-confirm-yes]").click()
    expect(page.locator("h1")).to_contain_text("Naujas kodas")
    see("avaz-code")


def test_an_officer_declares_and_ends_an_outage(
    page: Page, live_server: LiveServer, signed_in: SignIn, see: See
) -> None:
    officer = make.make_user(is_staff=True, language="lt")
    make.make_totp(officer)
    signed_in(officer, proved=True)
    page.goto(live_server.url + reverse("avaz:declare"))
    page.get_by_label("waybill").or_(page.get_by_label("važtaraščiai priimami")).check()
    see("avaz-declare")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Tęsiasi")
    see("avaz-outages-desk")
    page.get_by_role("button", name="Baigėsi").click()
    page.locator("[data-confirm-yes]").click()
    expect(page.locator("main")).not_to_contain_text("Tęsiasi")


@pytest.mark.parametrize("language", ["lt", "en"])
def test_the_desk(page: Page, desk: Desk, see: See, language: str) -> None:
    told = access(CODE)
    desk.tell(told)
    page.goto(f"{desk.url}/sign-in/")
    if language == "en":
        page.locator("button[value=en]").click()
    see(f"desk-{language}-sign-in")
    page.locator("#id_email").fill(told["email"])
    page.locator("#id_code").fill("HJKMNPQ")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    see(f"desk-{language}-wrong")
    page.locator("#id_code").fill(CODE.lower())
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#id_number")).to_be_visible()
    see(f"desk-{language}-announce")
    page.locator("input[name=reason][value=own]").check()
    page.locator("#id_number").fill("VAZ 2026-11/0042")
    page.locator(".form-card button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("AV26")
    see(f"desk-{language}-arn")
    page.goto(f"{desk.url}/arns/")
    see(f"desk-{language}-arns")
