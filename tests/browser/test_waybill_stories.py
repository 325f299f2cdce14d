"""Waybills from hand to hand, each party in a browser of its own; a driver whose signal is lost."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from joserfc import jwk
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from imas.kernel import clock
from ivaz.models import Waybill
from ivaz.services.closing import close_due
from ivaz.types import State
from representation.models import Taxpayer
from representation.services.waybills import save_waybill_rule
from tests import make
from tests.browser import chromium
from tests.browser.conftest import NARROW, Axe, keep, signing_in
from tests.ivaz.records import issued, waybill

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, DESK = chromium.PHONE, chromium.DESK
SENT = "kitos šalys tai mato"
Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def _signing(settings: Settings, tmp_path: Path) -> None:
    """Waybills bear squares."""
    key = tmp_path / "waybills.pem"
    key.write_bytes(jwk.OKPKey.generate_key("Ed25519").as_pem(private=True))
    settings.WAYBILL_SIGNING_KEYS = [str(key)]


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """An act goes there and comes back as a page: that takes its time where others run."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def consignor() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Baltijos mediena“")


@pytest.fixture
def transporter() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Vežėjas“")


@pytest.fixture
def consignee() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Statybų centras“")


@pytest.fixture
def browse(chrome: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Return a function that opens a browser for a taxpayer's head, signed in."""
    with ExitStack() as stack:

        def browse_as(
            taxpayer: Taxpayer, size: dict[str, int] = DESK, language: str = "lt"
        ) -> Page:
            context = stack.enter_context(chromium.browsing(chrome, language=language, size=size))
            signing_in(context, live_server.url)(head_of(taxpayer, language), taxpayer)
            context.set_default_timeout(20_000)
            return context.pages[0]

        yield browse_as


def head_of(taxpayer: Taxpayer, language: str = "lt") -> User:
    head = make.make_user(first_name="Jonas", last_name="Petraitis", language=language)
    make.make_headship(head, taxpayer)
    return User.objects.get(pk=head.pk)


def state_of(rn: str) -> str:
    return Waybill.objects.get(rn=rn).state


def acts_of(rn: str) -> list[str]:
    return list(Waybill.objects.get(rn=rn).events.values_list("act", flat=True))


def judged(page: Page, axe: Axe, name: str, width: int) -> None:
    """Nothing is wider than the screen, axe finds nothing, a picture is kept."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    keep(page, name, width)
    axe(page)


def sized(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def is_kept(page: Page) -> None:
    """Wait until the phone keeps the page it shows, and the one that stands in for others."""
    look = """async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith("phone-pages-"));
        const kept = await Promise.all(names.map((name) => caches.open(name)));
        const found = (url) => Promise.all(kept.map((one) => one.match(url)));
        const has = async (url) => (await found(url)).some(Boolean);
        return (await has("/ivaz/phone/away/")) && (await has(location.href));
    }"""
    for _ in range(100):
        if page.evaluate(look):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.url} is not kept")


def phone_of(page: Page, url: str, rn: str) -> None:
    """Open a waybill on a phone and wait until it is kept."""
    page.goto(url + reverse("ivaz:phone-waybill", args=[rn]))
    is_kept(page)


def test_goods_go_from_hand_to_hand_and_come_short(
    browse: Open, live_server: LiveServer, axe: Axe,
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer,
) -> None:  # fmt: skip
    url = live_server.url
    clerk = browse(consignor)
    rn = _prepared_on_pages(clerk, url, transporter, consignee)
    judged(clerk, axe, "story-sent", DESK["width"])

    driver = browse(transporter, PHONE)
    driver.goto(url + reverse("ivaz:phone"))
    judged(driver, axe, "story-list", PHONE["width"])
    driver.get_by_role("link", name="VAZ 55").click()
    judged(driver, axe, "story-driver", PHONE["width"])
    driver.get_by_role("button", name="Priimti vežti").click()
    expect(driver.locator("[data-phone-notices]")).to_contain_text(SENT)
    expect(driver.locator("main")).to_contain_text("Vežamas")
    driver.locator("summary", has_text="Keisti transporto priemonę").click()
    driver.locator("#reload-plate").fill("NEW 001")
    judged(driver, axe, "story-reload", PHONE["width"])
    driver.get_by_label("Transporto priemonė sugedo").check()
    driver.locator("form", has=driver.locator("#reload-plate")).get_by_role("button").click()
    expect(driver.locator("main")).to_contain_text("NEW 001")
    driver.get_by_role("button", name="Prekės pristatytos").click()
    expect(driver.locator("main")).to_contain_text("Pristatytas")

    _received_short(browse(consignee, PHONE), url, axe, rn)

    Waybill.objects.filter(rn=rn).update(due_on=clock.today() - timedelta(days=1))
    assert close_due() == 1
    clerk.goto(url + reverse("ivaz:waybill", args=[rn]))
    expect(clerk.locator("main")).to_contain_text("Uždarytas")
    expect(clerk.locator("main")).to_contain_text("skirtumas −0,5")
    judged(clerk, axe, "story-closed", DESK["width"])
    assert acts_of(rn) == ["issue", "accept", "reload", "deliver", "receive", "close"]


def _received_short(receiver: Page, url: str, axe: Axe, rn: str) -> None:
    Waybill.objects.filter(rn=rn).update(dispatch_at=clock.now() - timedelta(hours=2))
    receiver.goto(url + reverse("ivaz:phone"))
    receiver.get_by_role("link", name="VAZ 55").click()
    receiver.locator("summary", has_text="Patvirtinti gavimą").click()
    receiver.locator("#receive-received-1").fill("9,5")
    receiver.get_by_label("Gauta su pastabomis").check()
    judged(receiver, axe, "story-receive", PHONE["width"])
    receiver.locator("form", has=receiver.locator("#receive-day")).get_by_role("button").click()
    expect(receiver.locator("main")).to_contain_text("Gautas")
    judged(receiver, axe, "story-received", PHONE["width"])


def _prepared_on_pages(page: Page, url: str, transporter: Taxpayer, consignee: Taxpayer) -> str:
    leaves = (clock.now() + timedelta(hours=3)).astimezone(clock.VILNIUS)
    page.goto(url + reverse("ivaz:new"))
    page.get_by_role("button", name="Pradėti nuo tuščio").click()
    for role, who in (("consignee", consignee), ("transporter", transporter)):
        page.locator(f"#find-{role}").press_sequentially(who.code)
        page.get_by_role("button", name=who.name).click()
        expect(page.locator(f"#id_{role}_code")).to_have_value(who.code)
    page.get_by_role("button", name="Išsaugoti ir tęsti").click()
    for name, value in {
        "number": "VAZ 55", "dispatch": f"{leaves:%Y-%m-%dT%H:%M}", "load": "Gedimino pr. 1",
        "unload": "Laisvės al. 1", "plate": "ABC 123",
    }.items():  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="Išsaugoti ir tęsti").click()
    page.locator("#id_products-0-name").fill("Lentos")
    page.locator("#id_products-0-quantity").fill("10")
    page.locator("#id_products-0-unit").fill("KGM")
    page.get_by_role("button", name="Išsaugoti ir tęsti").last.click()
    page.get_by_role("button", name="Pateikti važtaraštį").click()
    expect(page.locator("main")).to_contain_text("Išsiųstas")
    return Waybill.objects.get(number="VAZ 55").rn


def test_a_stranger_cannot_submit_for_a_consignor_who_lists_others(
    browse: Open, live_server: LiveServer, axe: Axe,
    consignor: Taxpayer, transporter: Taxpayer, consignee: Taxpayer,
) -> None:  # fmt: skip
    head = head_of(consignor)
    acting = make.make_acting(taxpayer=consignor, user=head)
    save_waybill_rule(acting, only_listed=True, codes=[consignee.code])
    foreign = browse(transporter)
    url = live_server.url
    leaves = (clock.now() + timedelta(hours=3)).astimezone(clock.VILNIUS)
    foreign.goto(url + reverse("ivaz:new"))
    foreign.get_by_role("button", name="Pradėti nuo tuščio").click()
    foreign.locator("#find-consignor").press_sequentially(consignor.code)
    foreign.get_by_role("button", name=consignor.name).click()
    expect(foreign.locator("#id_consignor_code")).to_have_value(consignor.code)
    foreign.locator("#find-consignee").press_sequentially(consignee.code)
    foreign.get_by_role("button", name=consignee.name).click()
    expect(foreign.locator("#id_consignee_code")).to_have_value(consignee.code)
    foreign.locator("#find-transporter").press_sequentially(transporter.code)
    foreign.get_by_role("button", name=transporter.name).click()
    expect(foreign.locator("#id_transporter_code")).to_have_value(transporter.code)
    foreign.get_by_role("button", name="Išsaugoti ir tęsti").click()
    for name, value in {
        "number": "VAZ 9", "dispatch": f"{leaves:%Y-%m-%dT%H:%M}", "load": "Gedimino pr. 1",
        "unload": "Laisvės al. 1", "plate": "ABC 123",
    }.items():  # fmt: skip
        foreign.locator(f"#id_{name}").fill(value)
    foreign.get_by_role("button", name="Išsaugoti ir tęsti").click()
    foreign.locator("#id_products-0-name").fill("Lentos")
    foreign.locator("#id_products-0-quantity").fill("10")
    foreign.locator("#id_products-0-unit").fill("KGM")
    foreign.get_by_role("button", name="Išsaugoti ir tęsti").last.click()
    expect(foreign.locator("main")).to_contain_text("tik tiems, kuriuos įtraukė į sąrašą")
    judged(foreign, axe, "story-not-listed", DESK["width"])
    assert not Waybill.objects.exists()


def test_a_load_split_in_three_is_three_waybills_for_the_driver(
    browse: Open, live_server: LiveServer, axe: Axe, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, None))
    _split_is_refused_in_english(browse(consignor, PHONE, "en"), live_server.url, axe, rn)
    clerk = browse(consignor)
    _split_in_three(clerk, live_server.url, axe, rn)
    judged(clerk, axe, "story-split", DESK["width"])
    for at in range(1, 4):
        expect(clerk.get_by_role("link", name=f"VAZ L-1-{at}")).to_be_visible()
    driver = browse(transporter, PHONE, "en")
    driver.goto(live_server.url + reverse("ivaz:phone"))
    expect(driver.locator(".phone-row")).to_have_count(3)
    judged(driver, axe, "story-split-list-en", PHONE["width"])
    driver.get_by_role("link", name="VAZ L-1-2").click()
    driver.get_by_role("button", name="Take the goods over").click()
    expect(driver.locator("main")).to_contain_text("Under way")
    judged(driver, axe, "story-split-driver-en", PHONE["width"])
    sized(driver, DESK)
    judged(driver, axe, "story-split-driver-en", DESK["width"])
    driver.get_by_role("button", name="Polski").click()
    sized(driver, NARROW)
    expect(driver.get_by_role("button", name="Towary dostarczono")).to_be_visible()
    judged(driver, axe, "story-split-driver-pl", NARROW["width"])
    held = Waybill.objects.filter(split_of__rn=rn).order_by("pk").values_list("state", flat=True)
    assert list(held) == [State.SENT, State.ACCEPTED, State.SENT]


def _split_is_refused_in_english(page: Page, url: str, axe: Axe, rn: str) -> None:
    page.goto(url + reverse("ivaz:waybill-split", args=[rn]))
    page.locator("#id_share-1-1").fill("11")
    page.locator("#id_part-2-number").fill("")
    page.get_by_role("button", name="Split the cargo").click()
    expect(page.locator("#share-1-error")).to_contain_text("more than the line has")
    judged(page, axe, "story-splitting-en", PHONE["width"])
    sized(page, DESK)
    page.get_by_label("Number of parts").select_option("9")
    page.get_by_role("button", name="Show the parts").click()
    expect(page.locator("#id_share-1-9")).to_be_visible()
    judged(page, axe, "story-splitting-en", DESK["width"])


def _split_in_three(clerk: Page, url: str, axe: Axe, rn: str) -> None:
    clerk.goto(url + reverse("ivaz:waybill", args=[rn]))
    clerk.get_by_role("link", name="Padalyti krovinį").click()
    clerk.get_by_label("Dalių skaičius").select_option("3")
    clerk.get_by_role("button", name="Rodyti dalis").click()
    shares = {"1": ("4", "6", ""), "2": ("", "1,5", "3,5")}
    for number, texts in shares.items():
        for at, text in enumerate(texts, start=1):
            clerk.locator(f"#id_share-{number}-{at}").fill(text)
    expect(clerk.locator("#share-1-error")).to_be_hidden()
    expect(clerk.locator("#share-2-error")).to_have_text("Liko: 0,5 KGM.")
    clerk.locator("#id_share-2-1").fill("1")
    expect(clerk.locator("#share-2-error")).to_have_text(re.compile("^0,5 KGM "))
    clerk.locator("#id_share-2-1").fill("")
    clerk.locator("#id_part-3-unload").fill("Taikos pr. 5, Klaipėda")
    judged(clerk, axe, "story-splitting", DESK["width"])
    press = clerk.get_by_role("button", name="Padalyti krovinį")
    press.click()
    expect(clerk.locator("#share-2-error")).to_have_text("Liko: 0,5 KGM.")
    expect(clerk.locator("#id_part-3-unload")).to_have_value("Taikos pr. 5, Klaipėda")
    judged(clerk, axe, "story-splitting-wrong", DESK["width"])
    sized(clerk, PHONE)
    judged(clerk, axe, "story-splitting-wrong", PHONE["width"])
    sized(clerk, DESK)
    clerk.locator("#id_share-2-3").fill("4")
    press.click()
    expect(clerk.locator("main")).to_contain_text("Padalytas")


def test_a_waybill_is_cancelled_and_goods_are_sent_back_and_taken_back(
    browse: Open, live_server: LiveServer, axe: Axe, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    url = live_server.url
    first = issued(consignor, waybill(consignor, transporter, None))
    second = issued(consignor, waybill(consignor, transporter, None, uid="L-2"))
    clerk = browse(consignor)
    clerk.goto(url + reverse("ivaz:waybill-cancel", args=[first]))
    clerk.get_by_label("Dokumentai dubliuojasi").check()
    clerk.locator("main form button[type=submit]").click()
    expect(clerk.locator("main")).to_contain_text("Anuliuotas")
    judged(clerk, axe, "story-cancelled", DESK["width"])

    driver = browse(transporter, PHONE)
    driver.goto(url + reverse("ivaz:phone"))
    expect(driver.locator(".phone-row")).to_have_count(1)
    phone_of(driver, url, second)
    driver.get_by_role("button", name="Priimti vežti").click()
    expect(driver.locator("main")).to_contain_text("Vežamas")

    clerk.goto(url + reverse("ivaz:waybill-cancel", args=[second]))
    clerk.get_by_label("Prekės grąžinamos siuntėjui").check()
    clerk.locator("main form button[type=submit]").click()
    expect(clerk.locator("main")).to_contain_text("Grąžinamas")
    clerk.get_by_role("link", name="Susigrąžinti prekes").click()
    clerk.locator("main form button[type=submit]").click()
    expect(clerk.locator("main")).to_contain_text("Prekės susigrąžintos")
    assert acts_of(second) == ["issue", "accept", "return", "retake"]
    assert state_of(second) == State.RECEIVED


def test_what_is_typed_and_pressed_without_a_signal_is_done_once(
    browse: Open, live_server: LiveServer, axe: Axe, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    url = live_server.url
    rn = issued(consignor, waybill(consignor, transporter, None))
    unopened = issued(consignor, waybill(consignor, transporter, None, uid="L-2"))
    driver = browse(transporter, PHONE)
    driver.goto(url + reverse("ivaz:phone"))
    is_kept(driver)
    phone_of(driver, url, rn)
    driver.context.set_offline(True)
    waiting = driver.get_by_text("Nėra ryšio – įrašas bus išsiųstas, kai ryšys grįš")
    _typed_and_pressed(driver, url)
    expect(waiting).to_have_count(2)
    expect(driver.get_by_role("button", name="Priimti vežti")).to_be_disabled()
    judged(driver, axe, "story-away", PHONE["width"])
    driver.goto(url + reverse("ivaz:phone-waybill", args=[unopened]))
    expect(driver.locator("main")).to_contain_text("dar nebuvo atidarytas")
    expect(waiting).to_have_count(2)
    judged(driver, axe, "story-away-unopened", PHONE["width"])
    driver.goto(url + reverse("ivaz:phone-waybill", args=[rn]))
    assert acts_of(rn) == ["issue"]
    driver.context.set_offline(False)
    expect(driver.locator("[data-phone-notices]")).to_contain_text(SENT)
    expect(driver.locator("main")).to_contain_text("NEW 001")
    judged(driver, axe, "story-back", PHONE["width"])
    driver.reload()
    expect(waiting).to_have_count(0)
    assert acts_of(rn) == ["issue", "accept", "reload"]
    held = Waybill.objects.get(rn=rn)
    assert held.events.filter(details__has_key="pressed_at").count() == 2
    assert held.plates == ["NEW001"]


def _typed_and_pressed(driver: Page, url: str) -> None:
    """Go to the waybill from the list, type, come back after the browser was closed, press."""
    driver.goto(url + reverse("ivaz:phone"))
    driver.get_by_role("link", name="VAZ L-1").click()
    expect(driver.get_by_role("heading", name="VAZ L-1")).to_be_visible()
    expect(driver.get_by_text("Matote puslapį tokį, koks jis buvo")).to_be_visible()
    expect(driver.locator(".qr svg")).to_be_visible()
    driver.locator("summary", has_text="Keisti transporto priemonę").click()
    driver.locator("#reload-plate").fill("NEW 001")
    driver.locator("#reload-driver").fill("Jonas")
    driver.wait_for_timeout(300)
    driver.reload()
    expect(driver.locator("#reload-plate")).to_have_value("NEW 001")
    driver.get_by_role("button", name="Priimti vežti").click()
    driver.get_by_label("Transporto priemonė sugedo").check()
    driver.locator("form", has=driver.locator("#reload-plate")).get_by_role("button").click()


def test_an_answer_that_is_lost_on_its_way_does_not_make_the_act_twice(
    browse: Open, live_server: LiveServer, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, None))
    driver = browse(transporter, PHONE)
    phone_of(driver, live_server.url, rn)
    address = reverse("ivaz:phone-accept", args=[rn])
    driver.route(f"**{address}", lambda route: (route.fetch(), route.abort()), times=1)
    driver.get_by_role("button", name="Priimti vežti").click()
    expect(driver.get_by_text("įrašas bus išsiųstas, kai ryšys grįš")).to_be_visible()
    assert state_of(rn) == State.ACCEPTED
    driver.reload()
    expect(driver.locator("[data-phone-notices]")).to_contain_text(SENT)
    assert acts_of(rn) == ["issue", "accept"]


def test_of_two_phones_the_later_is_told_that_somebody_else_has_acted(
    browse: Open, live_server: LiveServer, axe: Axe, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    url = live_server.url
    rn = issued(consignor, waybill(consignor, transporter, None))
    first, second = browse(transporter, PHONE), browse(transporter, PHONE)
    for driver in (first, second):
        phone_of(driver, url, rn)
    second.context.set_offline(True)
    second.get_by_role("button", name="Prekės pristatytos").click()
    expect(second.get_by_text("įrašas bus išsiųstas, kai ryšys grįš")).to_be_visible()
    first.get_by_role("button", name="Prekės pristatytos").click()
    expect(first.locator("main")).to_contain_text("Pristatytas")
    second.context.set_offline(False)
    expect(second.locator("[data-phone-notices]")).to_contain_text("Neatlikta")
    expect(second.locator("main")).to_contain_text("Pristatytas")  # as it is now
    judged(second, axe, "story-refused", PHONE["width"])
    second.get_by_role("button", name="Perskaičiau").click()
    expect(second.get_by_text("Neatlikta")).to_have_count(0)
    assert acts_of(rn) == ["issue", "deliver"]


def _caches(page: Page) -> list[str]:
    found: list[str] = page.evaluate("caches.keys()")
    return [name for name in found if name.startswith("phone-pages-")]


def test_nothing_of_one_person_is_left_for_the_next_on_a_shared_phone(
    browse: Open, live_server: LiveServer, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    url = live_server.url
    rn = issued(consignor, waybill(consignor, transporter, None))
    page = browse(transporter, PHONE)
    phone_of(page, url, rn)
    page.context.set_offline(True)
    page.get_by_role("button", name="Priimti vežti").click()
    expect(page.get_by_text("įrašas bus išsiųstas, kai ryšys grįš")).to_be_visible()
    # Another sits down at the same phone, by a session of his own, before it was sent.
    other = make.make_taxpayer(name="UAB „Kitas vežėjas“")
    signing_in(page.context, url)(head_of(other), other)
    page.context.set_offline(False)
    expect(page.get_by_text("Prisijunkite: įrašas išsaugotas")).to_be_visible()
    page.goto(url + reverse("ivaz:phone"))
    is_kept(page)
    assert len(_caches(page)) == 1  # is_kept has seen that it is his own
    expect(page.locator("[data-phone-notices] .notice")).to_have_count(0)
    page.context.set_offline(True)
    page.goto(url + reverse("ivaz:phone-waybill", args=[rn]))
    expect(page.locator("main")).to_contain_text("dar nebuvo atidarytas")
    assert rn not in page.content()
    page.context.set_offline(False)
    assert acts_of(rn) == ["issue"]


def test_signing_out_asks_about_what_is_not_sent_and_empties_the_phone(
    browse: Open, live_server: LiveServer, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    url = live_server.url
    rn = issued(consignor, waybill(consignor, transporter, None))
    page = browse(transporter, PHONE)
    phone_of(page, url, rn)
    page.route("**/phone/standing/", lambda route: route.abort())
    page.get_by_role("button", name="Priimti vežti").click()
    expect(page.get_by_text("įrašas bus išsiųstas, kai ryšys grįš")).to_be_visible()
    page.get_by_role("button", name="Atsijungti").click()
    expect(page.locator("dialog")).to_contain_text("dar neišsiųstų įrašų")
    page.locator("[data-confirm-yes]").click()
    page.wait_for_url("**/sign-in/")
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    assert acts_of(rn) == ["issue"]


def test_a_session_that_ended_takes_the_pages_and_leaves_what_is_to_be_sent(
    browse: Open, live_server: LiveServer, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    url = live_server.url
    rn = issued(consignor, waybill(consignor, transporter, None))
    page = browse(transporter, PHONE)
    phone_of(page, url, rn)
    head = User.objects.get(last_name="Petraitis")
    page.context.clear_cookies()
    page.get_by_role("button", name="Priimti vežti").click()
    expect(page.get_by_text("Prisijunkite: įrašas išsaugotas")).to_be_visible()
    page.goto(url + reverse("ivaz:phone"))
    page.wait_for_url("**/sign-in/**")
    assert _caches(page) == []
    signing_in(page.context, url)(head, transporter)
    page.goto(url + reverse("ivaz:phone"))
    expect(page.locator("[data-phone-notices]")).to_contain_text(SENT)
    assert acts_of(rn) == ["issue", "accept"]


_AGED_PAGE = """async (minutes) => {
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        const kept = await cache.match(location.href);
        if (!kept || !name.startsWith("phone-pages-")) continue;
        const headers = new Headers(kept.headers);
        headers.set("X-Kept-At", Date.now() - minutes * 60_000);
        await cache.put(location.href, new Response(await kept.text(), { headers }));
        return true;
    }
    return false;
}"""
"""Make the page that is shown one that was kept so many minutes ago; tells whether it was kept."""
_AGED_STORES = """async (minutes) => {
    const done = (asked) => new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
    });
    const database = await done(indexedDB.open("imas-phone"));
    const counts = [];
    for (const name of ["acts", "typed"]) {
        const store = database.transaction(name, "readwrite").objectStore(name);
        const all = await done(store.getAll());
        for (const one of all) await done(store.put({ ...one, at: Date.now() - minutes * 60_000 }));
        counts.push(all.length);
    }
    database.close();
    return counts;
}"""
"""Make acts and what is typed so many minutes old; tells how many there are of each."""
_HOUR = 60
_DAY = 24 * _HOUR


def test_a_page_opens_without_a_signal_for_twelve_hours_and_no_longer(
    browse: Open, live_server: LiveServer, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, None))
    driver = browse(transporter, PHONE)
    phone_of(driver, live_server.url, rn)
    driver.context.set_offline(True)
    assert driver.evaluate(_AGED_PAGE, 12 * _HOUR - 5)
    driver.reload()
    expect(driver.get_by_role("heading", name="VAZ L-1")).to_be_visible()
    assert driver.evaluate(_AGED_PAGE, 12 * _HOUR + 1)
    driver.reload()
    expect(driver.locator("main")).to_contain_text("dar nebuvo atidarytas")
    assert rn not in driver.content()
    # It is not only hidden: nothing is left of it.
    assert not driver.evaluate(_AGED_PAGE, 0)


def test_what_is_typed_and_not_sent_is_kept_for_seven_days_and_no_longer(
    browse: Open, live_server: LiveServer, consignor: Taxpayer, transporter: Taxpayer
) -> None:
    rn = issued(consignor, waybill(consignor, transporter, None))
    driver = browse(transporter, PHONE)
    phone_of(driver, live_server.url, rn)
    driver.context.set_offline(True)
    waiting = driver.get_by_text("Nėra ryšio – įrašas bus išsiųstas, kai ryšys grįš")
    driver.locator("summary", has_text="Keisti transporto priemonę").click()
    driver.locator("#reload-plate").fill("NEW 001")
    driver.get_by_role("button", name="Priimti vežti").click()
    expect(waiting).to_have_count(1)
    assert driver.evaluate(_AGED_STORES, 7 * _DAY - 5) == [1, 1]
    driver.reload()
    expect(waiting).to_have_count(1)
    expect(driver.locator("#reload-plate")).to_have_value("NEW 001")
    assert driver.evaluate(_AGED_STORES, 7 * _DAY + 1) == [1, 1]
    driver.reload()
    expect(driver.get_by_role("button", name="Priimti vežti")).to_be_enabled()
    expect(waiting).to_have_count(0)
    expect(driver.locator("#reload-plate")).to_have_value("")
    assert driver.evaluate(_AGED_STORES, 0) == [0, 0]
    driver.context.set_offline(False)
    driver.reload()
    expect(driver.get_by_role("button", name="Priimti vežti")).to_be_enabled()
    assert acts_of(rn) == ["issue"]
