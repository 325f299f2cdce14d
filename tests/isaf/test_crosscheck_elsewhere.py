"""The cross-check on other pages: that of one invoice, and the start page."""

from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse

from isaf.models import Invoice, Register
from isaf.services.crosscheck import refresh_pairs
from representation.models import Taxpayer
from tests.isaf.registers_told import OCTOBER, Line, Told, tell, vat_of
from tests.isaf.test_views import client_of
from tests.make import make_grant, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Taxpayer:
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    to, by = vat_of(buyer), vat_of(seller)
    sold = ("M1", "D2", "GONE77", "GK2026-107")
    tell(seller, "S", *(Told(number, to) for number in sold), Told("F1", "DE123456789"))
    dear = (Line(vat=None),)
    tell(buyer, "P", Told("M1", by), Told("D2", by, lines=dear), Told("GK2026-1O7", by))
    refresh_pairs(seller.pk, OCTOBER)
    return seller


def head_of(taxpayer: Taxpayer) -> Client:
    user = make_user()
    make_headship(user, taxpayer)
    return client_of(user)


def page_of(client: Client, taxpayer: Taxpayer, number: str) -> str:
    invoice = Invoice.objects.get(number=number, side="S")
    register = Register.objects.get(taxpayer=taxpayer)
    address = reverse("isaf:invoice", args=[register.number, invoice.part_id, invoice.position])
    return client.get(address).content.decode()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("M1", ["Both registers say the same."]),
        ("D2", ["Data differ", "≠", "The buyer’s received invoices"]),
        ("GONE77", ["Missing at the counterparty"]),
        ("GK2026-107", ["Possible match", "GK2026-1O7"]),
        ("F1", ["Not checkable"]),
    ],
)
def test_an_invoice_tells_how_it_was_cross_checked(
    seller: Taxpayer, number: str, words: Sequence[str]
) -> None:
    page = page_of(head_of(seller), seller, number)
    assert [word for word in words if word not in page] == []
    assert f"{reverse('isaf:crosschecks')}?period=2026-10&amp;state=" in page
    assert "Open in your register" not in page


def test_the_cross_check_of_an_invoice_is_shown_to_those_only_who_may_see_it(
    seller: Taxpayer,
) -> None:
    user = make_user()
    make_grant(user, seller, "isaf.view")
    page = page_of(client_of(user), seller, "D2")
    assert "D2" in page
    assert "Data differ" not in page


def test_an_invoice_that_was_not_cross_checked_says_nothing_of_it() -> None:
    taxpayer = make_taxpayer(vat_code="LT100001111")
    tell(taxpayer, "S", Told("N1", "LT100002222"))
    assert "cross-check of the period" not in page_of(head_of(taxpayer), taxpayer, "N1")


def test_the_start_page_tells_how_the_latest_period_agrees(seller: Taxpayer) -> None:
    page = head_of(seller).get("/").content.decode()
    assert "3 invoices with mismatches" in page
    assert f"{reverse('isaf:crosschecks')}?state=differs" in page


def test_the_start_page_says_that_nothing_was_compared_yet() -> None:
    taxpayer = make_taxpayer()
    client = head_of(taxpayer)
    assert "Submit a register: it is then compared" in client.get("/").content.decode()
    tell(taxpayer, "S", Told("N1", "LT100002222"))
    assert "The comparison runs by itself" in client.get("/").content.decode()


def test_the_start_page_hides_the_cross_check_from_those_who_may_not_see_it(
    seller: Taxpayer,
) -> None:
    user = make_user()
    make_grant(user, seller, "isaf.view")
    assert "with mismatches" not in client_of(user).get("/").content.decode()
