"""Pages of a.VAZ: in the portal, and at the desk, which is another process; both judged by axe."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from avaz.models import Access, Fallback
from avaz.services import declaring, ordering, taking_over, telling
from avaz.services.declaring import Declaration
from avaz.services.taking_over import Told
from avaz.types import Effect, Subsystem
from imas.kernel import clock
from ivaz.services.drafting import begin_announced
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


def test_an_officer_declares_corrects_and_withdraws_an_outage(
    page: Page, live_server: LiveServer, signed_in: SignIn, held: Access, see: See
) -> None:
    officer = make.make_user(is_staff=True, language="lt")
    make.make_totp(officer)
    signed_in(officer, proved=True)
    page.goto(live_server.url + reverse("avaz:declare"))
    page.locator("input[name=effect][value=late-waybills]").check()
    see("avaz-declare")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Tęsiasi")
    telling.tell_outages()
    page.get_by_role("link", name="Tikslinti").click()
    page.locator("#id_words_lt").fill("Taisoma duomenų bazė.")
    page.locator("#id_why").fill("Pamiršta priežastis")
    see("avaz-correct")
    page.locator("main form button[type=submit]").click()
    page.get_by_role("button", name="Baigėsi").click()
    page.locator("[data-confirm-yes]").click()
    expect(page.locator("main")).not_to_contain_text("Tęsiasi")
    page.get_by_role("link", name="Atšaukti").click()
    page.locator("#id_why").fill("Sutriko tik mūsų tinklas")
    see("avaz-withdraw")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Sutriko tik mūsų tinklas")
    see("avaz-outage")


@pytest.mark.parametrize("language", ["lt", "en"])
def test_pages_of_officers(look: Look, signed_in: SignIn, held: Access, language: str) -> None:
    officer = make.make_user(is_staff=True, language=language)
    make.make_totp(officer)
    signed_in(officer, proved=True)
    look(f"{reverse('avaz:fallbacks-desk')}?state=open&q={language}")
    now = clock.now()
    words = {"words_lt": "Taisoma duomenų bazė.", "words_en": "The database is being mended."}
    spans = (
        (now - timedelta(days=9), now - timedelta(days=8, hours=20)),
        (now + timedelta(days=3), now + timedelta(days=3, hours=4)),
    )
    _past, outage = (
        declaring.declare(
            OPERATOR, Declaration(Subsystem.IVAZ, start, end, Effect.LATE_WAYBILLS, **words)
        )
        for start, end in spans
    )
    for serial, number in enumerate(("VAZ 2026-11/0042", "", "VN95663548"), 1):
        taking_over.take_over(
            Told(
                uuid.UUID(int=1), serial, f"AV260000{serial:04}", held.pk, number, "own",
                "Neveikia sandėlio serveris, važtaraščiai rašomi ranka", "web",
                now - timedelta(hours=2), None, now,
            )
        )  # fmt: skip
    Fallback.objects.filter(desk_id__gt=1).update(complete_until=clock.today() - timedelta(days=4))
    for address in (
        reverse("avaz:outages-desk"),
        reverse("avaz:outage", args=[outage.pk]),
        reverse("avaz:status"),
        reverse("avaz:fallbacks-desk"),
    ):
        look(f"{address}?look={language}")


@pytest.mark.parametrize("language", ["lt", "en"])
def test_what_is_to_be_completed(
    look: Look, signed_in: SignIn, held: Access, language: str
) -> None:
    held.user.language = language
    held.user.save()
    signed_in(held.user, held.taxpayer)
    now = clock.now()
    taking_over.take_over(
        Told(
            uuid.UUID(int=1), 1, "AV2600000018", held.pk, "VAZ 2026-11/0042", "incomplete", "",
            "web", now, None, now,
        )
    )  # fmt: skip
    acting = make.make_acting(taxpayer=held.taxpayer, user=held.user)
    draft = begin_announced(acting, "AV2600000018")
    for address in (
        reverse("ivaz:waybills"),
        reverse("ivaz:draft-carriage", args=[draft.pk]),
        reverse("avaz:fallbacks"),
    ):
        look(f"{address}?look={language}")


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
