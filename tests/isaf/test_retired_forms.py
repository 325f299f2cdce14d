"""Registers as the lines of the forms that i.SAF replaced."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from isaf.models import Register
from isaf.retired_forms import RetiredForm, form_lines
from isaf.selectors import find_register
from tests.isaf.registers_told import Line, Told, tell
from tests.isaf.test_views import company
from tests.make import make_acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> tuple[Client, Register, Register]:
    """Six sales, one of them cancelled and one shared, and two purchases, one from a farmer."""
    taxpayer, _, client = company()
    numbers = [Told(f"A {n}", vat_code="LT119511515") for n in range(4)]
    cancelled = Told("A 4", type="AN", lines=(Line(Decimal(0), None),))
    sales = tell(taxpayer, "S", *numbers, cancelled, Told("A 5", code="39001", type="VS"))
    farmers = Told("F 1", code="123", lines=(Line(Decimal(50), Decimal(3), "PVM49"),))
    bought = tell(taxpayer, "P", Told("B 1"), farmers)
    acting = make_acting("isaf.view", taxpayer=taxpayer)
    return client, find_register(acting, sales.number), find_register(acting, bought.number)


def test_issued_invoices_are_four_a_page_with_their_sum_at_the_end(
    told: tuple[Client, Register, Register],
) -> None:
    with override("lt"):
        *lines, total = form_lines(told[1], RetiredForm.ISSUED)
    assert [line[:2] for line in lines] == [(1, 1), (1, 2), (1, 3), (1, 4), (2, 5)]
    assert lines[4][3:9] == (
        "A 5",
        Decimal("100.00"),
        Decimal("21.00"),
        "39001",
        "Kita pusė ",
        "taip",
    )
    assert total[4] == sum(line[4] for line in lines)  # type: ignore[misc]  # cells are objects


def test_only_purchases_from_farmers_are_in_their_form(
    told: tuple[Client, Register, Register],
) -> None:
    line, total = form_lines(told[2], RetiredForm.FARMERS)
    assert (line[3], total[4]) == ("F 1", Decimal("50.00"))


def test_a_register_fills_its_own_forms_alone(told: tuple[Client, Register, Register]) -> None:
    client, sales, bought = told
    for register, form, status in (
        (sales, "FR0672", 200),
        (sales, "FR0671", 404),
        (bought, "FR0671", 200),
        (bought, "FR0617K", 200),
        (bought, "FR0672", 404),
    ):
        address = reverse("isaf:register-retired-form", args=[register.number, form, "csv"])
        assert client.get(address).status_code == status
    page = client.get(reverse("isaf:register", args=[bought.number])).content.decode()
    assert "FR0671.xlsx" in page
    assert "FR0617K.xlsx" in page
    assert "FR0672.xlsx" not in page
