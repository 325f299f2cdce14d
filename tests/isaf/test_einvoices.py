"""E-invoices handed in by the state's system for them, beside the seller's register."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from isaf.models import EInvoice
from isaf.selectors.einvoices import EInvoiceState, einvoice_page
from representation.models import JournalEntry, Taxpayer
from representation.services.officers import issue_officer_key
from tests.isaf.registers_told import OCTOBER, Told, tell
from tests.isaf.test_views import client_of
from tests.make import (
    make_acting,
    make_api_key,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
)
from tests.representation.test_limits import only

pytestmark = pytest.mark.django_db

DELIVERY = "/api/v1/isaf/einvoices/sabis"
SELLER_VAT, BUYER_VAT = "LT100001111", "LT100002222"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


@dataclass(frozen=True)
class Ubl:
    """An e-invoice as accounting programs write them."""

    number: str = "AA 1"
    root: str = "Invoice"
    uuid: str = ""
    issued: date = date(2026, 10, 12)
    seller: str = SELLER_VAT
    buyer_vat: str = BUYER_VAT
    currency: str = "EUR"
    taxable: str = "100.00"
    vat: str = "21.00"
    total: str = "121.00"

    def render(self) -> bytes:
        """Write the XML."""
        uuid = f"<cbc:UUID>{self.uuid}</cbc:UUID>" if self.uuid else ""
        money = f'currencyID="{self.currency}"'
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><{self.root} xmlns="{UBL}{self.root}-2"'
            f' xmlns:cac="{UBL}CommonAggregateComponents-2"'
            f' xmlns:cbc="{UBL}CommonBasicComponents-2">'
            f"<cbc:ID>{self.number}</cbc:ID>{uuid}<cbc:IssueDate>{self.issued}</cbc:IssueDate>"
            f"<cbc:DocumentCurrencyCode>{self.currency}</cbc:DocumentCurrencyCode>"
            f"{_party('Supplier', self.seller, 'UAB „Pardavėjas“')}"
            f"{_party('Customer', self.buyer_vat, 'Vilniaus mokykla')}"
            f"<cac:TaxTotal><cbc:TaxAmount {money}>{self.vat}</cbc:TaxAmount></cac:TaxTotal>"
            "<cac:LegalMonetaryTotal>"
            f"<cbc:TaxExclusiveAmount {money}>{self.taxable}</cbc:TaxExclusiveAmount>"
            f"<cbc:TaxInclusiveAmount {money}>{self.total}</cbc:TaxInclusiveAmount>"
            f"</cac:LegalMonetaryTotal></{self.root}>"
        ).encode()


def _party(side: str, vat: str, name: str) -> str:
    scheme = (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID>"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    )
    return (
        f"<cac:Accounting{side}Party><cac:Party>{scheme if vat else ''}<cac:PartyLegalEntity>"
        f"<cbc:RegistrationName>{name}</cbc:RegistrationName><cbc:CompanyID>300000000</cbc:CompanyID>"
        f"</cac:PartyLegalEntity></cac:Party></cac:Accounting{side}Party>"
    )


@pytest.fixture
def seller() -> Taxpayer:
    """Somebody who sells to the state."""
    return make_taxpayer(vat_code=SELLER_VAT)


@pytest.fixture
def sabis() -> Client:
    """The program of the system that holds e-invoices."""
    make_user(login_name="sabis", is_staff=True)
    _, plain = issue_officer_key("sabis", ["isaf.einvoices"])
    return Client(headers={"Authorization": f"Bearer {plain}"})


def _put(client: Client, content: bytes) -> tuple[int, dict[str, str]]:
    answer = client.post(DELIVERY, content, content_type="application/xml")
    return answer.status_code, answer.json()


def _states(seller: Taxpayer) -> list[tuple[str, EInvoiceState, list[str]]]:
    acting = make_acting("isaf.crosscheck", taxpayer=seller)
    rows = einvoice_page(acting, OCTOBER).rows
    return [(row.einvoice.number, row.state, list(row.fields)) for row in rows]


def test_an_einvoice_is_taken_in_once(seller: Taxpayer, sabis: Client) -> None:
    status, told = _put(sabis, Ubl(uuid="u-1").render())
    assert (status, told["system"], told["seller"]) == (201, "SABIS", seller.code)
    assert _put(sabis, Ubl(uuid="u-1").render()) == (200, told)
    status, refused = _put(sabis, Ubl(uuid="u-1", total="122.00").render())
    assert (status, refused["code"]) == (409, "einvoice-changed")
    kept = EInvoice.objects.get()
    assert (kept.number_norm, kept.buyer_vat, kept.buyer_name) == (
        "AA1",
        BUYER_VAT,
        "Vilniaus mokykla",
    )
    assert JournalEntry.objects.filter(action="isaf.einvoice-received").count() == 1


def test_a_credit_note_lessens(seller: Taxpayer, sabis: Client) -> None:
    _put(sabis, Ubl(root="CreditNote").render())
    assert EInvoice.objects.get().total == -121


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<a/>", "einvoice-not-ubl"),
        (b"<a>", "xml.not-well-formed"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "xml.doctype"),
        (Ubl(number=" ").render(), "einvoice-incomplete"),
        (Ubl(total="NaN").render(), "einvoice-incomplete"),
        (Ubl(vat="9" * 20).render(), "einvoice-incomplete"),
        (Ubl(seller="LT999999999").render(), "einvoice-seller-unknown"),
        (b" " * (8 * 1024 * 1024 + 1), "einvoice-too-large"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    seller: Taxpayer, sabis: Client, content: bytes, code: str
) -> None:
    status, told = _put(sabis, content)
    assert (status, told["code"]) == (422, code)
    assert not EInvoice.objects.exists()


def test_only_the_systems_own_key_hands_in(seller: Taxpayer) -> None:
    head = make_user()
    make_headship(head, seller)
    _, plain = make_api_key(head, seller)
    program = Client(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": seller.code})
    assert _put(program, Ubl().render())[0] == 403
    make_user(login_name="registers", is_staff=True)
    _, other = issue_officer_key("registers", ["registers.import"])
    wrong = Client(headers={"Authorization": f"Bearer {other}"})
    assert _put(wrong, Ubl().render())[1]["code"] == "right-missing"


def test_every_state_is_found(seller: Taxpayer, sabis: Client) -> None:
    for number in ("M 1", "D 1", "N 1"):
        _put(sabis, Ubl(number, total="125.00" if number == "D 1" else "121.00").render())
    assert {state for _, state, _ in _states(seller)} == {EInvoiceState.WAITING}
    tell(seller, "S", Told("M-1", vat_code=BUYER_VAT), Told("d1", vat_code="LT100003333"))
    assert sorted(_states(seller)) == [
        ("D 1", EInvoiceState.DIFFERS, ["buyer", "total"]),
        ("M 1", EInvoiceState.MATCHED, []),
        ("N 1", EInvoiceState.MISSING, []),
    ]


def test_of_several_rows_the_likest_is_shown_and_a_cancelled_one_never(
    seller: Taxpayer, sabis: Client
) -> None:
    _put(sabis, Ubl().render())
    tell(
        seller,
        "S",
        Told("AA 1", vat_code=BUYER_VAT, type="AN"),
        Told("AA 1", vat_code="LT100003333"),
        Told("AA 1", vat_code=BUYER_VAT),
    )
    assert _states(seller) == [("AA 1", EInvoiceState.MATCHED, [])]


def test_sums_in_another_currency_are_not_compared(seller: Taxpayer, sabis: Client) -> None:
    _put(sabis, Ubl(currency="PLN", total="500.00").render())
    tell(seller, "S", Told("AA 1", vat_code=BUYER_VAT))
    assert _states(seller) == [("AA 1", EInvoiceState.MATCHED, [])]


def test_a_page_costs_a_few_queries_however_long_it_is(
    seller: Taxpayer, sabis: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        _put(sabis, Ubl(f"A {number}").render())
    tell(seller, "S", *(Told(f"A {number}", vat_code=BUYER_VAT) for number in range(5)))
    acting = make_acting("isaf.crosscheck", taxpayer=seller)
    with django_assert_num_queries(2):
        assert len(einvoice_page(acting, OCTOBER).rows) == 5


def test_the_page_and_programs_say_the_same(seller: Taxpayer, sabis: Client) -> None:
    _put(sabis, Ubl(total="125.00").render())
    tell(seller, "S", Told("AA 1", vat_code=BUYER_VAT))
    head = make_user()
    make_headship(head, seller)
    client = client_of(head)
    page = client.get(reverse("isaf:einvoices"), {"period": "2026-10"}).content.decode()
    assert "125.00" in page
    assert "SABIS" in page
    assert reverse("isaf:einvoices") in client.get(reverse("isaf:crosschecks")).content.decode()
    table = client.get(reverse("isaf:einvoices-export", args=["csv"]), {"period": "2026-10"})
    assert b"AA 1" in b"".join(table)
    _, plain = make_api_key(head, seller)
    program = Client(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": seller.code})
    [told] = program.get("/api/v1/isaf/einvoices", {"period": "2026-10"}).json()["items"]
    assert (told["state"], told["differing"], told["system"]) == ("differs", ["total"], "SABIS")
    assert (told["theirs"]["total"], told["ours"]["total"]) == ("125.00", "121.00")


def test_a_limited_mandate_does_not_see_them(seller: Taxpayer, sabis: Client) -> None:
    _put(sabis, Ubl().render())
    tell(seller, "S", Told("AA 1", vat_code=BUYER_VAT))
    clerk = make_user()
    make_grant(clerk, seller, "isaf.crosscheck", narrowing=only(parts="B"))
    client = client_of(clerk)
    assert client.get(reverse("isaf:einvoices")).status_code == 403
    assert reverse("isaf:einvoices") not in client.get(reverse("isaf:crosschecks")).content.decode()
