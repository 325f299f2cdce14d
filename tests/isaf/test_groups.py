"""Invoices of a register in groups."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from isaf.models import Register
from isaf.selectors import InvoiceQuery, grouping
from isaf.selectors.grouping import By, groups_of
from isaf.types import RegisterType
from representation.models import Taxpayer
from tests.isaf.files import IsafFile, Paid, Sold, judged
from tests.isaf.registers_told import OCTOBER
from tests.isaf.test_views import client_of, company
from tests.make import make_acting, make_grant, make_user
from tests.representation.test_limits import only

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told() -> tuple[Taxpayer, Client, Register]:
    """Three invoices in two parts."""
    taxpayer, _, client = company()
    acting = make_acting(taxpayer=taxpayer)
    first = [Sold("A 1"), Sold("A 2", taxable=Decimal(50), vat=Decimal("10.50"))]
    judged(acting, IsafFile(taxpayer.code, sales=first, settlements=[Paid()]))
    judged(acting, IsafFile(taxpayer.code, part="B", sales=[Sold("B 1", taxable=Decimal(10))]))
    return taxpayer, client, Register.objects.get(taxpayer=taxpayer, type=RegisterType.SALES)


@pytest.mark.parametrize("by", By)
def test_the_groups_hold_every_invoice_once(
    told: tuple[Taxpayer, Client, Register], by: By
) -> None:
    groups = groups_of(told[2], InvoiceQuery(), by)
    assert sum(group.invoices for group in groups.rows) == 3
    assert sum(group.taxable for group in groups.rows) == Decimal(160)
    assert groups.left_out == 0


def test_parts_are_told_by_number_the_largest_first(
    told: tuple[Taxpayer, Client, Register],
) -> None:
    groups = groups_of(told[2], InvoiceQuery(), By.PART)
    assert [(group.key, group.invoices) for group in groups.rows] == [("1", 2), ("B", 1)]


@pytest.mark.parametrize("by", By)
def test_a_group_leads_to_its_invoices(told: tuple[Taxpayer, Client, Register], by: By) -> None:
    _, client, register = told
    page = client.get(reverse("isaf:register-groups", args=[register.number]), {"by": by.value})
    assert page.status_code == 200
    for row in page.context["rows"]:
        shown = client.get(row.url).context
        assert shown["totals"].invoices == row.group.invoices, row.url


def test_a_filter_narrows_the_groups_and_their_shares(
    told: tuple[Taxpayer, Client, Register],
) -> None:
    _, client, register = told
    asked: Mapping[str, Any] = {"by": "part", "taxable_to": "60"}
    page = client.get(reverse("isaf:register-groups", args=[register.number]), asked)
    rows = page.context["rows"]
    assert [(row.code, row.share) for row in rows] == [
        ("1", Decimal("83.3")),
        ("B", Decimal("16.7")),
    ]
    assert "taxable_to=60" in rows[0].url


def test_so_many_groups_are_told_and_the_others_counted(
    told: tuple[Taxpayer, Client, Register], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "MOST", 1)
    groups = groups_of(told[2], InvoiceQuery(), By.PART)
    assert (len(groups.rows), groups.left_out) == (1, 1)


def test_groups_are_taken_away(told: tuple[Taxpayer, Client, Register]) -> None:
    _, client, register = told
    for form in ("xlsx", "csv"):
        address = reverse("isaf:register-groups-export", args=[register.number, form])
        answer = client.get(address, {"by": "code"})
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_whoever_has_one_part_sees_its_groups_alone(
    told: tuple[Taxpayer, Client, Register],
) -> None:
    taxpayer, _, register = told
    clerk = make_user()
    make_grant(clerk, taxpayer, "isaf.view", narrowing=only(parts="B"))
    address = reverse("isaf:register-groups", args=[register.number])
    page = client_of(clerk).get(address, {"by": "part"})
    assert [row.code for row in page.context["rows"]] == ["B"]


def test_settlements_have_no_groups(told: tuple[Taxpayer, Client, Register]) -> None:
    taxpayer, client, _ = told
    money = Register.objects.get(taxpayer=taxpayer, type=RegisterType.SETTLEMENT)
    assert money.period == OCTOBER
    address = reverse("isaf:register-groups", args=[money.number])
    assert client.get(address).status_code == 404
    page = client.get(reverse("isaf:register", args=[money.number])).content.decode()
    assert address not in page
