"""Every page of i.VAZ, at a desk and narrow, judged by axe; a driver's part on a phone."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from joserfc import jwk
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from imas.kernel import clock
from intake.services import process, receive
from intake.types import Source
from ivaz.models import Waybill, WaybillDraft
from ivaz.parsing.writing import write
from ivaz.services import officers
from ivaz.services.consenting import give, withdraw
from ivaz.services.drafting import begin, keep, keep_as_template, remember
from ivaz.services.reloading import Reload, reload
from ivaz.services.roadside import Ground, search
from ivaz.signing import token_of
from ivaz.types import Institution, ReloadReason, RoadsideReason, Role, Section
from representation.models import Taxpayer
from representation.types import Acting
from tests import make
from tests.browser import chromium
from tests.browser.conftest import Look, See, SignIn
from tests.ivaz.invoices import Line, Side, Ubl
from tests.ivaz.records import issued, named, party, receipt, say, splitting, waybill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def transporter() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Vežėjas“")


@pytest.fixture
def acting(transporter: Taxpayer) -> Acting:
    """Somebody who may do everything for a carrier."""
    head = make.make_user(first_name="Vaida", last_name="Vadovė", language="lt")
    make.make_headship(head, transporter)
    return make.make_acting(taxpayer=transporter, user=head)


@pytest.fixture
def signing(settings: Settings, tmp_path: Path) -> None:
    """Waybills bear squares."""
    key = tmp_path / "waybills.pem"
    key.write_bytes(jwk.OKPKey.generate_key("Ed25519").as_pem(private=True))
    settings.WAYBILL_SIGNING_KEYS = [str(key)]


def test_every_page(
    look: Look, signed_in: SignIn, acting: Acting, transporter: Taxpayer, signing: None
) -> None:
    signed_in(User.objects.get(pk=acting.user_id), transporter)
    for name in ("waybills", "upload", "files"):
        look(reverse(f"ivaz:{name}"))
    consignor = make.make_taxpayer(name="UAB „Baltijos mediena“")
    consignee = make.make_taxpayer(name="UAB „Statybų centras“")
    rn = issued(consignor, waybill(consignor, transporter, consignee))
    means = [{"IdentityOfTransportUnits": "XYZ 987", "MarqueModelTransportUnits": "MAN TGX"}]
    changed = {**(party(transporter) or {}), "TransportMeans": means}
    say(transporter, Section.AMENDMENT, {**named(rn), "Transporter": changed})
    short = [{"ProductLineNumber": "1", "AmountDifference": "-0.500"}]
    say(consignee, Section.RECEIPT, receipt(rn, conclusion="2", ProductsInfo=short))
    other = issued(consignor, waybill(consignor, transporter, consignee, uid="L-2"))
    parts = splitting(other, {"1": "10.000"}, {"2": "5.500"}, uid="L-2")
    say(consignor, Section.SPLIT, parts)
    look(reverse("ivaz:waybills"))
    look(reverse("ivaz:waybills") + "?q=nera")
    look(reverse("ivaz:waybill", args=[rn]))
    look(reverse("ivaz:waybill", args=[other]))
    look(reverse("ivaz:trip"))
    look(reverse("ivaz:check", args=["x"]), status=404)
    look(reverse("ivaz:check", args=[token_of(Waybill.objects.get(rn=rn))]))
    for name in ("waybill-receive", "waybill-cancel", "waybill-reload"):
        look(reverse(f"ivaz:{name}", args=[rn]))


def test_a_file(look: Look, signed_in: SignIn, acting: Acting, transporter: Taxpayer) -> None:
    signed_in(User.objects.get(pk=acting.user_id), transporter)
    consignor = make.make_taxpayer(name="UAB „Baltijos mediena“")
    header = {
        "FileDateCreated": "2026-11-21T10:00:00",
        "SoftwareCompanyName": "UAB „Programa“",
        "SoftwareName": "Apskaita",
        "SoftwareVersion": "1.0",
        "CreatorRegistrationNumber": transporter.code,
    }
    good = waybill(consignor, transporter, None)
    bad = waybill(consignor, transporter, None, uid="L-9", TimeOfDispatch="rytoj")
    text = b"".join(write(header, {Section.WAYBILL: [good, bad]}))
    document = receive(
        acting, "ivaz", BytesIO(text), filename="važtaraščiai.xml", content_type="application/xml",
        source=Source.PORTAL_FILE,
    )  # fmt: skip
    look(reverse("ivaz:file", args=[document.pk]))
    process(document.pk)
    look(reverse("ivaz:file", args=[document.pk]))


def test_a_driver_takes_goods_over_on_a_phone(
    page: Page, live_server: LiveServer, signed_in: SignIn, acting: Acting, transporter: Taxpayer
) -> None:
    signed_in(User.objects.get(pk=acting.user_id), transporter)
    consignor = make.make_taxpayer(name="UAB „Baltijos mediena“")
    rn = issued(consignor, waybill(consignor, transporter, None))
    page.set_viewport_size({"width": chromium.PHONE["width"], "height": chromium.PHONE["height"]})
    page.goto(live_server.url + reverse("ivaz:waybill", args=[rn]))
    page.get_by_role("button", name="Priimti vežti").click()
    expect(page.locator("main")).to_contain_text("Vežamas")
    page.get_by_role("link", name="Keisti transporto priemonę").click()
    page.locator("#id_plate").fill("NEW 001")
    page.get_by_label("Transporto priemonė sugedo").check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("NEW 001")


def test_every_step_of_a_waybill_being_made(
    look: Look, signed_in: SignIn, acting: Acting, transporter: Taxpayer
) -> None:
    signed_in(User.objects.get(pk=acting.user_id), transporter)
    draft = begin(acting)
    look(reverse("ivaz:new"))
    look(reverse("ivaz:book"))
    look(reverse("ivaz:draft-check", args=[draft.pk]))
    content = waybill(transporter, transporter, None)
    keep(acting, draft, Section.WAYBILL, content)
    keep_as_template(acting, draft, "Kaunas")
    remember(transporter.pk, content)
    for name in ("draft-parties", "draft-carriage", "draft-goods", "draft-check"):
        look(reverse(f"ivaz:{name}", args=[draft.pk]))
    look(reverse("ivaz:new"))
    look(reverse("ivaz:book"))


def test_a_waybill_is_made_from_what_is_found_and_copied(
    page: Page, live_server: LiveServer, signed_in: SignIn, acting: Acting, transporter: Taxpayer
) -> None:
    signed_in(User.objects.get(pk=acting.user_id), transporter)
    make.make_taxpayer(name="UAB „Baltijos mediena“", code="301234560")
    leaves = (clock.now() + timedelta(days=1)).astimezone(clock.VILNIUS)
    page.goto(live_server.url + reverse("ivaz:new"))
    page.get_by_role("button", name="Pradėti nuo tuščio").click()
    page.locator("#find-consignee").press_sequentially("baltijos")
    page.get_by_role("button", name="UAB „Baltijos mediena“").click()
    expect(page.locator("#id_consignee_code")).to_have_value("301234560")
    expect(page.locator("#id_consignee_contact")).to_be_focused()
    page.locator("#find-transporter").click()
    page.locator("#find-transporter-choices button").first.click()
    expect(page.locator("#id_transporter_code")).to_have_value(transporter.code)
    page.get_by_role("button", name="Išsaugoti ir tęsti").click()
    for name, value in {
        "number": "VAZ 55", "dispatch": f"{leaves:%Y-%m-%dT%H:%M}", "load": "Gedimino pr. 1",
        "unload": "Laisvės al. 1", "plate": "ABC 123",
    }.items():  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="Išsaugoti ir tęsti").click()
    page.get_by_role("button", name="Pridėti eilučių").click()
    for at, (name, quantity) in enumerate((("Lentos", "10"), ("Dažai", "2,5"))):
        page.locator(f"#id_products-{at}-name").fill(name)
        page.locator(f"#id_products-{at}-quantity").fill(quantity)
        page.locator(f"#id_products-{at}-unit").fill("KGM")
    page.get_by_role("button", name="Išsaugoti ir tęsti").last.click()
    page.get_by_role("button", name="Pateikti važtaraštį").click()
    expect(page.locator("main")).to_contain_text("Išsiųstas")
    expect(page.locator("main")).to_contain_text("UAB „Baltijos mediena“")
    page.get_by_role("button", name="Kopijuoti").click()
    expect(page.locator("#id_consignee_code")).to_have_value("301234560")


@pytest.mark.parametrize("language", ["lt", "en"])
def test_a_waybill_is_begun_from_an_invoice(
    page: Page, live_server: LiveServer, signed_in: SignIn, see: See, acting: Acting, language: str
) -> None:
    transporter = Taxpayer.objects.get(pk=acting.taxpayer_id)
    begin, go_on = {
        "lt": ("Pradėti nuo sąskaitos", "Išsaugoti ir tęsti"),
        "en": ("Begin from the invoice", "Keep and continue"),
    }[language]
    User.objects.filter(pk=acting.user_id).update(language=language)
    signed_in(User.objects.get(pk=acting.user_id), transporter)
    seller = Side(code=transporter.code, name=transporter.name)
    lines = (Line(code="L-1"), Line("Dažai „Tikrai balta“, 10 l", "12", "XBX"), Line(quantity="-1"))
    page.goto(live_server.url + reverse("ivaz:new"))
    for document, name in ((b"<a/>", "refused"), (Ubl(seller=seller, lines=lines).render(), "")):
        page.locator("#id_invoice").set_input_files(
            {"name": "saskaita.xml", "mimeType": "application/xml", "buffer": document}
        )
        page.get_by_role("button", name=begin).click()
        if name:
            expect(page.locator("#id_invoice")).to_have_attribute("aria-invalid", "true")
            see(f"invoice-{name}-{language}")
    expect(page.locator("main")).to_contain_text("SF 1055")
    expect(page.locator("#id_consignee_name")).to_have_value("UAB „Pirkėjas“")
    see(f"invoice-begun-{language}")
    page.locator("#id_transporter_code").fill(transporter.code)
    page.locator("#id_transporter_name").fill(transporter.name)
    page.get_by_role("button", name=go_on).click()
    expect(page.locator("#id_unload")).to_have_value("Uosto g. 3, LT-91001 Klaipėda")
    draft = WaybillDraft.objects.get()
    page.goto(live_server.url + reverse("ivaz:draft-goods", args=[draft.pk]))
    expect(page.locator("#id_products-1-name")).to_have_value("Dažai „Tikrai balta“, 10 l")
    expect(page.locator("#id_products-1-unit")).to_have_value("")
    expect(page.locator("#id_paper_number")).to_have_value("SF 1055")
    see(f"invoice-goods-{language}")


def test_an_officer_on_the_road_and_the_log(
    look: Look, signed_in: SignIn, transporter: Taxpayer, signing: None
) -> None:
    consignor = make.make_taxpayer(name="UAB „Baltijos mediena“")
    rn = issued(consignor, waybill(consignor, transporter, None))
    means = {"TransportMeans": [{"IdentityOfTransportUnits": "XYZ 987"}]}
    told = Reload(means, ReloadReason.TRANSHIPMENT)
    reload(make.make_acting(taxpayer=transporter), rn, told)
    officer = make.make_user(first_name="Petras", last_name="Kelininkas", language="lt")
    until = clock.today() + timedelta(days=30)
    officers.grant(
        officer.login_name, institution=Institution.TRANSPORT, agreement="D-12", until=until
    )
    road = officers.officer_of(officer)
    ground = Ground(RoadsideReason.ROUTINE, "Patikrinimas 12-7")
    made = search(road, "XYZ 987", ground)
    nothing = search(road, "NERA 1", ground)
    signed_in(officer, proved=True)
    look(reverse("representation:choose"))
    look(reverse("ivaz:roadside"))
    look(reverse("ivaz:roadside-square", args=[token_of(Waybill.objects.get(rn=rn))]))
    look(reverse("ivaz:roadside-search", args=[made.pk]))
    look(reverse("ivaz:roadside-search", args=[nothing.pk]))
    look(reverse("ivaz:roadside-waybill", args=[made.pk, rn]))
    authority = make.make_user(is_staff=True, language="lt")
    make.make_totp(authority)
    signed_in(authority, proved=True)
    look(reverse("ivaz:roadside-log"))
    look(reverse("ivaz:roadside-log") + "?who=nobody")


def test_consents(look: Look, signed_in: SignIn, acting: Acting, transporter: Taxpayer) -> None:
    signed_in(User.objects.get(pk=acting.user_id), transporter)
    look(reverse("ivaz:consents"))
    give(acting, Role.TRANSPORTER, clock.today())
    withdraw(acting, Role.TRANSPORTER)
    give(acting, Role.TRANSPORTER, clock.today())
    look(reverse("ivaz:consents"))
    draft = begin(acting)
    keep(acting, draft, Section.EWAYBILL, waybill(transporter, transporter, transporter))
    look(reverse("ivaz:draft-carriage", args=[draft.pk]))
