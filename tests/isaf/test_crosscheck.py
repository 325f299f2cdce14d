"""The live pairs, against PostgreSQL."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from imas.kernel.periods import Period
from isaf.matching import Field
from isaf.models import DealPair
from isaf.services.crosscheck import refresh_pairs
from isaf.types import RegisterState
from representation.models import Taxpayer
from tests.isaf.registers_told import OCTOBER, Line, Told, supersede, tell, vat_of, withdraw
from tests.make import make_taxpayer

pytestmark = pytest.mark.django_db

NOVEMBER = Period.month(2026, 11)


def two() -> tuple[Taxpayer, Taxpayer]:
    return make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")


def pairs() -> list[tuple[str, str, int]]:
    return [
        (pair.state, pair.reason, pair.fields)
        for pair in DealPair.objects.order_by("period_start", "match_key", "nth")
    ]


def test_an_invoice_waits_until_the_other_side_submits() -> None:
    seller, buyer = two()
    tell(seller, "S", Told(vat_code=vat_of(buyer)))
    refresh_pairs(seller.pk, OCTOBER)
    assert pairs() == [("waiting", "", 0)]


def test_a_register_in_preparation_is_not_told_yet() -> None:
    seller, buyer = two()
    tell(seller, "S", Told(vat_code=vat_of(buyer)))
    tell(buyer, "P", Told(vat_code=vat_of(seller)), state=RegisterState.PREPARING)
    refresh_pairs(seller.pk, OCTOBER)
    assert pairs() == [("waiting", "", 0)]


def test_both_sides_telling_the_same_are_one_matched_pair() -> None:
    seller, buyer = two()
    tell(seller, "S", Told("A-1", vat_code=vat_of(buyer)))
    refresh_pairs(seller.pk, OCTOBER)
    tell(buyer, "P", Told("a 1", vat_code=vat_of(seller), lines=(Line(code=""),)))
    refresh_pairs(buyer.pk, OCTOBER)
    assert pairs() == [("matched", "", 0)]


def test_what_differs_is_named_field_by_field() -> None:
    seller, buyer = two()
    tell(seller, "S", Told(vat_code=vat_of(buyer)))
    dearer = (Line(vat=Decimal("25.20")),)
    tell(buyer, "P", Told(vat_code=vat_of(seller), issued=date(2026, 10, 14), lines=dearer))
    refresh_pairs(buyer.pk, OCTOBER)
    assert pairs() == [("differs", "", Field.ISSUED | Field.VAT | Field.TOTAL)]
    assert DealPair.objects.get().vat_gap == Decimal("-4.20")


def test_what_a_submitted_register_lacks_is_missing_there() -> None:
    seller, buyer = two()
    tell(seller, "S", Told(vat_code=vat_of(buyer)))
    tell(buyer, "P")
    refresh_pairs(buyer.pk, OCTOBER)
    assert pairs() == [("missing", "", 0)]


def test_an_invoice_told_a_month_later_is_in_another_period() -> None:
    seller, buyer = two()
    tell(seller, "S", Told(vat_code=vat_of(buyer)))
    tell(buyer, "P")
    refresh_pairs(seller.pk, OCTOBER)
    tell(buyer, "P", Told(vat_code=vat_of(seller)), period=NOVEMBER)
    refresh_pairs(buyer.pk, NOVEMBER)
    assert pairs() == [("other_period", "", 0)]
    assert DealPair.objects.get().buyer_month == date(2026, 11, 1)


def test_a_withdrawn_register_gives_the_other_entry_back() -> None:
    seller, buyer = two()
    tell(seller, "S", Told(vat_code=vat_of(buyer)))
    november = tell(buyer, "P", Told(vat_code=vat_of(seller)), period=NOVEMBER)
    refresh_pairs(buyer.pk, NOVEMBER)
    withdraw(november)
    refresh_pairs(buyer.pk, NOVEMBER)
    assert pairs() == [("waiting", "", 0)]


def test_a_half_year_covers_the_month_of_the_other_side() -> None:
    seller, buyer = two()
    tell(seller, "S", Told(vat_code=vat_of(buyer)))
    tell(
        buyer,
        "P",
        Told(vat_code=vat_of(seller), lines=(Line(code=""),)),
        period=Period.half_year(2026, 2),
    )
    refresh_pairs(buyer.pk, Period.half_year(2026, 2))
    assert pairs() == [("matched", "", 0)]


def test_a_half_year_filer_with_a_wrong_date_still_meets_the_month_filer() -> None:
    seller, buyer = two()
    half = Period.half_year(2026, 2)
    tell(seller, "S", Told(vat_code=vat_of(buyer)))
    tell(buyer, "P", Told(vat_code=vat_of(seller), issued=date(2026, 12, 3)), period=half)
    refresh_pairs(seller.pk, OCTOBER)
    assert pairs() == [("differs", "", Field.ISSUED)]
    assert DealPair.objects.get().period_start == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Told(), "no-vat-code"),
        (Told(vat_code="DE123456789"), "foreign"),
        (Told(country="US"), "foreign"),
        (Told(vat_code="LT999999999"), "not-a-payer"),
    ],
)
def test_an_unknown_counterparty_cannot_be_checked(told: Told, reason: str) -> None:
    seller, _ = two()
    tell(seller, "S", told)
    refresh_pairs(seller.pk, OCTOBER)
    assert pairs() == [("not_checkable", reason, 0)]


def test_a_cancelled_document_of_one_side_awaits_nothing() -> None:
    seller, buyer = two()
    tell(seller, "S", Told(vat_code=vat_of(buyer), type="AN"))
    tell(buyer, "P")
    refresh_pairs(seller.pk, OCTOBER)
    assert pairs() == [("not_checkable", "cancelled", 0)]


def test_the_buyers_own_reverse_charge_is_no_difference() -> None:
    seller, buyer = two()
    tell(seller, "S", Told(vat_code=vat_of(buyer), lines=(Line(code="PVM25", vat=None),)))
    tell(buyer, "P", Told(vat_code=vat_of(seller), lines=(Line(code="PVM25"),)))
    refresh_pairs(seller.pk, OCTOBER)
    assert pairs() == [("matched", "", 0)]


def test_a_repeated_number_is_compared_one_by_one() -> None:
    seller, buyer = two()
    tell(seller, "S", Told(vat_code=vat_of(buyer)), Told(vat_code=vat_of(buyer)))
    tell(buyer, "P", Told(vat_code=vat_of(seller)))
    refresh_pairs(seller.pk, OCTOBER)
    assert sorted(pairs()) == [("matched", "", 0), ("missing", "", 0)]


def test_a_mistyped_number_is_a_possible_match_until_it_is_mended() -> None:
    seller, buyer = two()
    tell(seller, "S", Told("GK2026-107", vat_code=vat_of(buyer)))
    wrong = tell(buyer, "P", Told("GK2026-1O7", vat_code=vat_of(seller)))
    refresh_pairs(seller.pk, OCTOBER)
    assert pairs() == [("possible_match", "look-alike", 0)]
    supersede(wrong)
    tell(buyer, "P", Told("GK2026-107", vat_code=vat_of(seller)))
    refresh_pairs(buyer.pk, OCTOBER)
    assert pairs() == [("matched", "", 0)]


def test_a_second_refresh_changes_nothing() -> None:
    seller, buyer = two()
    tell(seller, "S", *(Told(f"A{n}", vat_code=vat_of(buyer)) for n in range(9)), Told("Z"))
    tell(buyer, "P", *(Told(f"A{n}", vat_code=vat_of(seller)) for n in range(5, 20)))
    first = refresh_pairs(seller.pk, OCTOBER)
    before = pairs()
    assert refresh_pairs(seller.pk, OCTOBER) == first
    refresh_pairs(buyer.pk, OCTOBER)
    assert pairs() == before


def test_months_of_pairs_are_partitions() -> None:
    seller, _ = two()
    tell(seller, "S", Told())
    refresh_pairs(seller.pk, OCTOBER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM isaf_pair_2026_10")
        assert cursor.fetchone() == (1,)
