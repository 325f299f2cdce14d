"""Every page of i.VAZ, at a desk and narrow, judged by axe; a driver's part on a phone."""

from io import BytesIO

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from intake.services import process, receive
from intake.types import Source
from ivaz.parsing.writing import write
from ivaz.types import Section
from representation.models import Taxpayer
from representation.types import Acting
from tests import make
from tests.browser import chromium
from tests.browser.conftest import Look, SignIn
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


def test_every_page(look: Look, signed_in: SignIn, acting: Acting, transporter: Taxpayer) -> None:
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
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("NEW 001")
