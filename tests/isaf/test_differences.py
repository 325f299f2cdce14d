"""The mismatches of a period in sum: with whom, month by month, and what VAT is at stake."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from imas.kernel.errors import ForbiddenError
from imas.kernel.periods import Period
from isaf.selectors.differences import Parties, Party, months_until, parties_of
from isaf.services.crosscheck import refresh_pairs
from representation.models import Taxpayer
from tests.isaf.registers_told import OCTOBER, Line, Told, tell, vat_of
from tests.isaf.test_views import client_of
from tests.make import make_acting, make_api_key, make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> Taxpayer:
    """Somebody who deducts what one seller does not declare, and misses what another does."""
    buyer = make_taxpayer(vat_code="LT100001111")
    sellers = [make_taxpayer(vat_code=f"LT10000222{n}", name=f"UAB {n}") for n in range(3)]
    big, small, honest = map(vat_of, sellers)
    to = vat_of(buyer)
    tell(
        buyer,
        "P",
        Told("B1", big, lines=(Line(Decimal(1000), Decimal(210)),)),
        Told("B2", big, lines=(Line(Decimal(100), Decimal(21)),)),
        Told("H1", honest),
        Told("S2", small, lines=(Line(Decimal(10), Decimal(3)),)),
    )
    tell(sellers[0], "S", Told("B2", to, lines=(Line(Decimal(100), Decimal(20)),)))
    tell(
        sellers[1],
        "S",
        Told("S1", to, lines=(Line(Decimal(10), Decimal("2.10")),)),
        Told("S2", to, lines=(Line(Decimal(10), Decimal(4)),)),
    )
    tell(sellers[2], "S", Told("H1", to))
    refresh_pairs(buyer.pk, OCTOBER)
    return buyer


def test_the_largest_differences_come_first_with_their_share(buyer: Taxpayer) -> None:
    found = parties_of(make_acting(taxpayer=buyer), OCTOBER)
    assert [(row.name, row.invoices, row.total, row.vat) for row in found.rows] == [
        ("UAB 0", 2, Decimal("1211.00"), Decimal("211.00")),
        ("UAB 1", 2, Decimal("13.10"), Decimal("3.10")),
    ]
    assert [round(row.share, 3) for row in found.rows] == [Decimal("0.989"), Decimal("0.011")]
    assert found.rows[-1].running == 1
    assert (found.all, found.few) == (2, 1)


def test_vat_at_stake_is_that_of_purchases_and_goes_both_ways(buyer: Taxpayer) -> None:
    (october,) = months_until(make_acting(taxpayer=buyer), OCTOBER)
    assert (october.checked, october.mismatched) == (5, 4)
    assert (october.total, october.vat) == (Decimal("1224.10"), Decimal("214.10"))
    assert (october.undeclared, october.undeducted) == (Decimal("211.00"), Decimal("3.10"))


def test_a_seller_has_no_vat_at_stake(buyer: Taxpayer) -> None:
    seller = Taxpayer.objects.get(name="UAB 1")
    (october,) = months_until(make_acting(taxpayer=seller), OCTOBER)
    assert october.mismatched == 2
    assert october.undeclared + october.undeducted == 0


def test_the_year_ends_with_the_period(buyer: Taxpayer) -> None:
    acting = make_acting(taxpayer=buyer)
    assert [one.month for one in months_until(acting, Period.month(2027, 9))] == [OCTOBER.start]
    assert months_until(acting, Period.month(2027, 10)) == []


def test_few_is_said_only_where_it_says_something() -> None:
    def share(running: str) -> Party:
        return Party("1", "", 1, 0, Decimal(1), Decimal(1), Decimal(1), Decimal(running))

    assert Parties([share("0.5"), share("0.8"), share("0.9"), share("1")], 4).few == 2
    assert Parties([share("0.5"), share("0.8"), share("1")], 3).few == 0
    assert Parties([], 0).few == 0


def test_the_page_leads_to_the_invoices_of_a_counterparty(buyer: Taxpayer) -> None:
    head = make_user()
    make_headship(head, buyer)
    page = client_of(head).get(reverse("isaf:differences"), {"period": "2026-10"}).content.decode()
    assert "1 counterparty of 2 makes four fifths of your differences." in page
    assert "211.00" in page
    code = Taxpayer.objects.get(name="UAB 0").code
    assert f"?period=2026-10&amp;party={code}" in page


def test_it_needs_the_right(buyer: Taxpayer) -> None:
    with pytest.raises(ForbiddenError):
        parties_of(make_acting("isaf.view", taxpayer=buyer), OCTOBER)


def test_programs_read_the_same(buyer: Taxpayer) -> None:
    head = make_user()
    make_headship(head, buyer)
    _key, plain = make_api_key(head, buyer)
    program = Client(headers={"Authorization": f"Bearer {plain}", "X-Taxpayer": buyer.code})
    told = program.get("/api/v1/isaf/differences?period=2026-10").json()
    assert (told["period"], told["counterparties"]) == ("2026-10", 2)
    assert [(one["name"], one["vat"], one["share"]) for one in told["parties"]] == [
        ("UAB 0", "211.00", "0.9893"),
        ("UAB 1", "3.10", "0.0107"),
    ]
    (october,) = told["months"]
    assert (october["undeclared"], october["undeducted"]) == ("211.00", "3.10")
    refused = program.get("/api/v1/isaf/differences?period=soon")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-period")
