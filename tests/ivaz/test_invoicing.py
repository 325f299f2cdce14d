"""Waybills begun from invoices: what is read of a file, what becomes of it, who may."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, RefusedDocumentError, ThrottledError
from imas.kernel.periods import Period
from ivaz.forms.goods import GoodsForm
from ivaz.models import Waybill, WaybillDraft
from ivaz.parsing.invoices import MOST_BYTES, read_invoice
from ivaz.services import drafting
from ivaz.services.invoicing import begin_from_invoice, begin_from_sale
from ivaz.types import LeftOut, Sale, Section, Trader
from representation.models import Taxpayer
from representation.types import Acting
from tests import make
from tests.isaf.registers_told import Told, tell
from tests.isaf.test_views import client_of
from tests.ivaz.invoices import Line, Side, Ubl
from tests.ivaz.records import cancellation, issued, say, waybill

UNITS = ("KGM", "MTQ", "H87")
SALE = reverse("ivaz:new-from-sale")
FILE = reverse("ivaz:new-from-invoice")


@pytest.fixture
def seller() -> Taxpayer:
    return make.make_taxpayer(name="UAB „Siuntėjas“", vat_code="LT100001111")


@pytest.fixture
def acting(seller: Taxpayer) -> Acting:
    head = make.make_user()
    make.make_headship(head, seller)
    return make.make_acting(taxpayer=seller, user=head)


@pytest.fixture
def client(acting: Acting) -> Client:
    return client_of(User.objects.get(pk=acting.user_id))


def _sent(client: Client, document: bytes) -> Any:
    file = SimpleUploadedFile("saskaita.xml", document, "application/xml")
    return client.post(FILE, {"invoice": file})


def _said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


# --- the file ---------------------------------------------------------------------------------


def test_an_invoice_is_read_without_its_prices() -> None:
    weights = (
        "<cac:Shipment><cbc:GrossWeightMeasure unitCode='KGM'>10800.5</cbc:GrossWeightMeasure>"
        "<cbc:NetWeightMeasure unitCode='TNE'>10.5</cbc:NetWeightMeasure></cac:Shipment>"
    )
    document = Ubl(delivered_on=date(2026, 11, 25), further=weights).render()
    sale = read_invoice(document, UNITS)
    assert sale == Sale(
        number="SF 1055",
        issued=date(2026, 11, 20),
        seller=Trader("300000001", "", "UAB „Pardavėjas“", "Savanorių pr. 5, LT-91001 Klaipėda"),
        buyer=Trader("300000002", "", "UAB „Pirkėjas“", "Taikos pr. 9, LT-91001 Klaipėda"),
        unload="Uosto g. 3, LT-91001 Klaipėda",
        delivered_on=date(2026, 11, 25),
        products=[
            {
                "ProductLineNumber": "1",
                "Quantity": "18.5",
                "UnitOfMeasure": "MTQ",
                "ProductCode": "L-1",
                "AdditionalProductCode": "4770000000012",
                "ProductDescription": "Pušinės lentos",
            },
            {
                "ProductLineNumber": "2",
                "Quantity": "2",
                "UnitOfMeasure": "H87",
                "ProductDescription": "Dažai",
            },
        ],
        # The second weight is told in another unit, and a waybill has one.
        weight={"GrossWeight": "10800.5", "UnitOfMeasure": "KGM"},
    )
    assert "777" not in str(sale)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"<a/>", "invoice-not-ubl"),
        (Ubl(root="CreditNote").render(), "invoice-not-ubl"),
        (Ubl(lines=()).render(), "invoice-no-lines"),
        (b"", "xml.not-well-formed"),
        (b" " * (MOST_BYTES + 1), "invoice-too-large"),
        (
            b'<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>',
            "xml.doctype",
        ),
        (b"<a>" * 41 + b"</a>" * 41, "xml.too-deep"),
    ],
)
def test_what_is_no_invoice_is_refused(document: bytes, code: str) -> None:
    with pytest.raises(RefusedDocumentError, match=code):
        read_invoice(document, UNITS)


@pytest.mark.parametrize(
    ("line", "kept", "left_out"),
    [
        (Line(unit="XPK"), {"Quantity": "18.5"}, {LeftOut.UNITS: "XPK"}),
        (Line(unit=""), {"Quantity": "18.5"}, {LeftOut.UNITS: "–"}),
        (Line(quantity="1.0005"), {"UnitOfMeasure": "MTQ"}, {LeftOut.QUANTITIES: "1"}),
        (Line(quantity="10000000"), {"UnitOfMeasure": "MTQ"}, {LeftOut.QUANTITIES: "1"}),
        (Line(quantity="daug"), {"UnitOfMeasure": "MTQ"}, {LeftOut.QUANTITIES: "1"}),
        (Line(quantity="NaN"), {"UnitOfMeasure": "MTQ"}, {LeftOut.QUANTITIES: "1"}),
        (Line(quantity="1e-99999"), {"UnitOfMeasure": "MTQ"}, {LeftOut.QUANTITIES: "1"}),
        (Line(quantity="1E+2"), {"Quantity": "100", "UnitOfMeasure": "MTQ"}, {}),
        (Line(code="K" * 71), {"Quantity": "18.5", "UnitOfMeasure": "MTQ"}, {}),
    ],
)
def test_what_a_waybill_cannot_hold_is_left_to_be_written(
    line: Line, kept: dict[str, str], left_out: dict[LeftOut, str]
) -> None:
    sale = read_invoice(Ubl(lines=(line,)).render(), UNITS)
    named = {"ProductLineNumber": "1", "ProductDescription": "Pušinės lentos"}
    assert sale.products == [{**named, **kept}]
    assert sale.left_out == left_out


def test_lines_that_are_no_goods_are_left_out_and_counted() -> None:
    lines = (Line(name=""), Line(quantity="-1"), Line(quantity="0"), Line(name="x" * 400))
    sale = read_invoice(Ubl(lines=lines, recipient="Sandėlis Nr. 3").render(), UNITS)
    (product,) = sale.products
    assert product["ProductLineNumber"] == "1"
    assert len(product["ProductDescription"]) == 350
    assert sale.left_out == {LeftOut.NO_GOODS: "3", LeftOut.RECIPIENT: "Sandėlis Nr. 3"}


def test_a_waybill_takes_999_lines_and_the_rest_are_counted() -> None:
    sale = read_invoice(Ubl(lines=(Line(name=""), *[Line()] * 1000)).render(), UNITS)
    assert len(sale.products) == 999
    assert sale.products[-1]["ProductLineNumber"] == "999"
    assert sale.left_out == {LeftOut.NO_GOODS: "1", LeftOut.LINES: "1"}


@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda text: f"<a>{text}</a>".encode()))
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    with pytest.raises(RefusedDocumentError):
        read_invoice(document, UNITS)


@given(quantity=st.text(max_size=12), unit=st.text(max_size=5), name=st.text(max_size=30))
def test_any_line_is_used_or_left_out(quantity: str, unit: str, name: str) -> None:
    said = "".join(letter for letter in quantity if letter.isprintable() and letter not in "<&")
    named = "".join(letter for letter in name if letter.isprintable() and letter not in "<&")
    coded = "".join(letter for letter in unit if letter.isalnum())
    document = Ubl(lines=(Line(named, said, coded), Line())).render()
    sale = read_invoice(document, UNITS)
    assert sale.products[-1]["ProductDescription"] == "Pušinės lentos"
    assert len(sale.products) + int(sale.left_out.get(LeftOut.NO_GOODS, "0")) == 2


# --- the draft --------------------------------------------------------------------------------

db = pytest.mark.django_db


@db
def test_a_draft_holds_what_the_invoice_tells(acting: Acting, seller: Taxpayer) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    document = Ubl(seller=Side(code=seller.code, name=seller.name), delivered_on=tomorrow)
    begun = begin_from_invoice(acting, document.render())
    content = WaybillDraft.objects.get(pk=begun.draft.pk).content
    assert content["Consignor"]["RegistrationNumber"] == seller.code
    assert content["Consignee"] == {
        "RegistrationNumber": "300000002",
        "Name": "UAB „Pirkėjas“",
        "Address": {"FullAddress": "Taikos pr. 9, LT-91001 Klaipėda"},
    }
    assert content["ShipTo"]["UnloadAddress"]["FullAddress"] == "Uosto g. 3, LT-91001 Klaipėda"
    assert content["EstimatedTimeOfArrival"].startswith(f"{tomorrow}T23:59:00+")
    assert content["ComplementaryTransportInformation"]["Annexes"] == [
        {
            "TypeOfDocument": "Sąskaita faktūra",
            "DocumentNumber": "SF 1055",
            "DocumentDate": "2026-11-20",
        }
    ]
    assert not {"Transporter", "ShipFrom", "TimeOfDispatch"} & content.keys()


@db
def test_a_day_of_delivery_that_is_over_is_no_arrival(acting: Acting) -> None:
    yesterday = clock.today() - timedelta(days=1)
    begun = begin_from_invoice(acting, Ubl(delivered_on=yesterday).render())
    assert "EstimatedTimeOfArrival" not in begun.draft.content


@db
def test_a_vat_code_leads_to_the_code(acting: Acting, seller: Taxpayer) -> None:
    buyer = make.make_taxpayer(vat_code="LT100002222")
    stated = {
        "LT100001111": seller.code,
        "LT100002222": buyer.code,
        "LT999999999": None,
        "PL1234567890": "PL1234567890",
    }
    for vat, code in stated.items():
        begun = begin_from_sale(acting, Sale("SF 1", None, Trader(vat=vat, name="UAB")))
        assert begun.draft.content["Consignee"].get("RegistrationNumber") == code, vat


@db
def test_looking_codes_up_by_invoices_is_limited_as_elsewhere(
    acting: Acting, settings: Settings
) -> None:
    settings.LOOKUPS_PER_MINUTE = 1
    sale = Sale("SF 1", None, Trader(vat="LT100002222", name="UAB"))
    begin_from_sale(acting, sale)
    with pytest.raises(ThrottledError):
        begin_from_sale(acting, sale)


@db
def test_the_same_invoice_again_begins_another_draft_and_is_told(
    acting: Acting, seller: Taxpayer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    document = Ubl(seller=Side(code=seller.code, name=seller.name)).render()
    first = begin_from_invoice(acting, document)
    assert first.twins == []
    annex = first.draft.content["ComplementaryTransportInformation"]
    told: dict[str, Any] = {"ComplementaryTransportInformation": annex}
    rn = issued(seller, waybill(seller, seller, None, uid="L-1", **told))
    cancelled = issued(seller, waybill(seller, seller, None, uid="L-2", **told))
    say(seller, Section.CANCELLATION, cancellation(cancelled))
    issued(seller, waybill(seller, seller, None, uid="L-3"))
    with django_assert_max_num_queries(4):
        again = begin_from_invoice(acting, document)
    assert again.twins == ["", rn]
    assert WaybillDraft.objects.count() == 2
    assert begin_from_invoice(make.make_acting(), document).twins == []  # nobody else's are told
    of_another = Ubl(seller=Side(code="300000009")).render()
    assert begin_from_invoice(acting, of_another).twins == []


@db
def test_a_waybill_is_found_by_the_number_of_its_invoice(client: Client, seller: Taxpayer) -> None:
    annexes = {"Annexes": [{"DocumentNumber": "SF 1055"}]}
    told: dict[str, Any] = {"ComplementaryTransportInformation": annexes}
    issued(seller, waybill(seller, seller, None, **told))
    issued(seller, waybill(seller, seller, None, uid="L-2"))
    found = client.get(reverse("ivaz:waybills"), {"q": "SF 1055"}).content.decode()
    assert "VAZ L-1" in found
    assert "VAZ L-2" not in found
    page = client.get(reverse("ivaz:waybill", args=[Waybill.objects.get(number="VAZ L-1").rn]))
    assert "SF 1055" in page.content.decode()


@db
def test_what_begins_like_another_has_none_of_its_papers(acting: Acting, seller: Taxpayer) -> None:
    annexes = {"Annexes": [{"DocumentNumber": "SF 1055"}], "OtherInstructions": "Atsargiai"}
    told: dict[str, Any] = {"ComplementaryTransportInformation": annexes}
    rn = issued(seller, waybill(seller, seller, None, **told))
    carriage = drafting.begin_like(acting, rn).content["ComplementaryTransportInformation"]
    assert carriage == {"OtherInstructions": "Atsargiai"}


@db
def test_who_may_not_prepare_waybills_begins_none(seller: Taxpayer) -> None:
    clerk = make.make_acting("isaf.view", "ivaz.view", taxpayer=seller)
    with pytest.raises(ForbiddenError, match="right-missing"):
        begin_from_invoice(clerk, Ubl().render())
    with pytest.raises(ForbiddenError, match="right-missing"):
        begin_from_sale(clerk, Sale("SF 1", None, Trader()))
    assert not WaybillDraft.objects.exists()


# --- the pages --------------------------------------------------------------------------------


@db
def test_a_file_leads_to_the_first_step_and_its_message(client: Client, seller: Taxpayer) -> None:
    document = Ubl(seller=Side(code=seller.code, name=seller.name), lines=(Line(unit="XPK"),))
    answer = _sent(client, document.render())
    draft = WaybillDraft.objects.get()
    assert answer["Location"] == reverse("ivaz:draft-parties", args=[draft.pk])
    said = _said(answer)
    assert "Begun from the invoice SF 1055: its parties and 1 line of goods." in said
    assert (
        "Still to be written: the carrier, the number of the waybill, the time of dispatch, "
        in said
    )
    assert "their codes are not known: XPK" in said
    assert "300000002" in client.get(answer["Location"]).content.decode()
    goods = client.get(reverse("ivaz:draft-goods", args=[draft.pk])).content.decode()
    assert "SF 1055" in goods
    assert "already" in _said(_sent(client, document.render()))


@db
@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"<a/>", "This is no e-invoice"),
        (b"", "The file is no XML"),
        (Ubl(lines=()).render(), "has no lines"),
        (b"<!DOCTYPE a><a/>", "declares a document type"),
    ],
)
def test_a_file_that_is_no_invoice_is_told_beside_its_field(
    client: Client, document: bytes, words: str
) -> None:
    answer = _sent(client, document)
    assert answer.status_code == 200
    (error,) = answer.context["form"].errors["invoice"]
    assert words.lower() in error.lower()
    assert not WaybillDraft.objects.exists()


@db
def test_a_file_too_large_is_not_read_to_its_end(client: Client) -> None:
    answer = _sent(client, b" " * (MOST_BYTES + 1))
    assert "too large" in answer.context["form"].errors["invoice"][0]


@db
@pytest.mark.parametrize(
    ("sent", "content"),
    [
        (
            {"number": "SF 7", "issued": "2026-10-12", "code": "ND", "vat": "LT100002222"},
            {"RegistrationNumber": "300000077"},
        ),
        ({"number": "x" * 101, "issued": "vakar", "code": "\0", "name": "ND"}, {}),
        ({}, {}),
    ],
)
def test_values_of_a_page_are_judged_as_typed(
    client: Client, sent: dict[str, str], content: dict[str, str]
) -> None:
    make.make_taxpayer(code="300000077", vat_code="LT100002222")
    client.post(SALE, sent)
    assert WaybillDraft.objects.get().content["Consignee"] == content


@db
def test_a_long_number_of_an_invoice_is_told_and_not_cut(client: Client) -> None:
    answer = client.post(SALE, {"number": "SF" + "1" * 40, "name": "UAB"})
    assert "ComplementaryTransportInformation" not in WaybillDraft.objects.get().content
    assert "was not taken over" in _said(answer)


@db
def test_an_issued_invoice_of_a_register_leads_to_a_waybill(
    client: Client, seller: Taxpayer
) -> None:
    buyer = make.make_taxpayer(name="UAB „Pirkėjas“", vat_code="LT100002222")
    told = Told("SF 9", "LT100002222", issued=date(2026, 10, 5))
    register = tell(seller, "S", told)
    place = (register.number, register.parts.get().pk, 0)
    page = client.get(reverse("isaf:invoice", args=place)).content.decode()
    assert f'action="{SALE}"' in page
    values = {"number": "SF 9", "issued": "2026-10-05", "code": "", "vat": "LT100002222"}
    for name, value in values.items():
        assert f'name="{name}"' in page
        assert f'value="{value}"' in page
    client.post(SALE, {**values, "name": "UAB „Pirkėjas“"})
    content = WaybillDraft.objects.get().content
    assert content["Consignor"] == {"RegistrationNumber": seller.code, "Name": seller.name}
    assert content["Consignee"]["RegistrationNumber"] == buyer.code


@db
def test_the_way_is_shown_for_sales_to_whoever_may_prepare(
    client: Client, seller: Taxpayer
) -> None:
    clerk = make.make_user()
    make.make_grant(clerk, seller, "isaf.view", "ivaz.view")
    sale = tell(seller, "S", Told("SF 9"))
    credit = tell(seller, "S", Told("KS 9", type="KS"), period=Period.month(2026, 9))
    purchase = tell(seller, "P", Told("P 9"))
    shown = {}
    for name, who, register in (
        ("sale", client, sale),
        ("clerk", client_of(clerk), sale),
        ("credit", client, credit),
        ("purchase", client, purchase),
    ):
        place = (register.number, register.parts.get().pk, 0)
        page = who.get(reverse("isaf:invoice", args=place))
        assert page.status_code == 200, name
        shown[name] = SALE in page.content.decode()
    assert shown == {"sale": True, "clerk": False, "credit": False, "purchase": False}


def test_the_paper_that_goes_along_is_mended_on_the_last_step() -> None:
    other = {"DocumentNumber": "CMR 1"}
    invoice = {"TypeOfDocument": "Sąskaita faktūra", "DocumentNumber": "SF 1"}
    carriage = {"Annexes": [invoice, other], "OtherInstructions": "Atsargiai"}
    content = {"ComplementaryTransportInformation": carriage}
    none = {f"{name}-{count}": "0" for name in ("products", "packages") for count in _COUNTS}
    told = {"paper": "Sąskaita faktūra", "paper_number": "SF 2", "paper_date": "2026-11-20"}
    for sent, kept in (
        (told, [{**invoice, "DocumentNumber": "SF 2", "DocumentDate": "2026-11-20"}, other]),
        ({}, [other]),
    ):
        form = GoodsForm({**none, **sent, "instructions": "Atsargiai"})
        assert form.is_valid(), form.errors
        changed = form.into(content)["ComplementaryTransportInformation"]
        assert changed == {"Annexes": kept, "OtherInstructions": "Atsargiai"}


_COUNTS = ("TOTAL_FORMS", "INITIAL_FORMS")
