"""What a missing invoice may be: under another buyer's code, or in pieces that make its amount."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import escape

from isaf.models import DealPair
from isaf.selectors.explanations import Explanation, Lone, in_pieces
from isaf.services.crosscheck import refresh_pairs
from representation.models import Taxpayer
from tests.isaf.registers_told import OCTOBER, Line, Told, tell, vat_of
from tests.isaf.test_views import client_of
from tests.make import make_headship, make_taxpayer, make_user

pytestmark = pytest.mark.django_db


def lone(number: str, amount: str, *, is_sale: bool) -> Lone:
    return Lone((hash(number), 1), is_sale, number, Decimal(amount))


def test_one_of_ours_is_several_of_theirs() -> None:
    this = lone("A1", "300", is_sale=True)
    theirs = [lone(f"P{n}", amount, is_sale=False) for n, amount in enumerate(("100", "200", "5"))]
    assert in_pieces(this, [this, *theirs]) == Explanation(pieces=["P0", "P1"])


def test_one_of_theirs_is_several_of_ours() -> None:
    this = lone("P1", "100", is_sale=False)
    others = [lone("P2", "200", is_sale=False), lone("A1", "300", is_sale=True)]
    assert in_pieces(this, [this, *others]) == Explanation(pieces=["P2"], whole="A1")


def test_two_ways_are_none() -> None:
    this = lone("A1", "300", is_sale=True)
    theirs = [lone(f"P{n}", "150", is_sale=False) for n in range(3)]
    assert in_pieces(this, [this, *theirs]) == Explanation()


def test_credits_count_with_their_sign() -> None:
    this = lone("A1", "300", is_sale=True)
    theirs = [lone("P1", "400", is_sale=False), lone("P2", "-100", is_sale=False)]
    assert in_pieces(this, [this, *theirs]) == Explanation(pieces=["P1", "P2"])


def test_among_many_sums_agree_by_chance() -> None:
    this = lone("A1", "300", is_sale=True)
    theirs = [lone(f"P{n}", str(1000 + n), is_sale=False) for n in range(13)]
    pieces = [lone("X1", "100", is_sale=False), lone("X2", "200", is_sale=False)]
    assert in_pieces(this, [this, *theirs, *pieces]) == Explanation()
    assert in_pieces(this, [this, *theirs[1:], *pieces]) == Explanation(pieces=["X1", "X2"])


def page(of: Taxpayer, number: str) -> str:
    """The page of the deal of whoever tells this number."""
    head = make_user()
    make_headship(head, of)
    client = client_of(head)
    for pair in DealPair.objects.all():
        answer = client.get(reverse("isaf:deal", args=[pair.match_key]))
        text = answer.content.decode()
        if answer.status_code == 200 and f"Invoice {number}" in text:
            return text
    raise AssertionError(number)


def line(amount: str) -> tuple[Line, ...]:
    return (Line(Decimal(amount), Decimal(0)),)


def test_a_split_invoice_is_told_to_both_sides() -> None:
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    to, by = vat_of(buyer), vat_of(seller)
    tell(seller, "S", Told("A1", to, lines=line("300")))
    tell(buyer, "P", Told("X7", by, lines=line("120")), Told("Y9", by, lines=line("180")))
    refresh_pairs(seller.pk, OCTOBER)
    assert "The invoices X7, Y9 of the counterparty make the same amount" in page(seller, "A1")
    assert "Your invoices X7, Y9 make the same amount together" in page(buyer, "A1")
    told = page(buyer, "X7")
    assert escape("Together with your Y9 it makes the amount of the counterparty’s") in told
    seen = page(seller, "X7")
    assert escape("Together with the counterparty’s Y9 it makes the amount of your") in seen


def test_an_invoice_under_another_buyer_is_told_to_all_three() -> None:
    seller, right, wrong = (make_taxpayer(vat_code=f"LT10000{n}111") for n in range(3))
    tell(seller, "S", Told("A1", vat_of(wrong)))
    tell(right, "P", Told("A1", vat_of(seller)))
    tell(wrong, "P")
    refresh_pairs(seller.pk, OCTOBER)
    assert {pair.state for pair in DealPair.objects.all()} == {"missing"}
    assert escape("under another buyer: the code of the buyer may be wrong in the") in page(
        right, "A1"
    )
    assert "it may not be yours" in page(wrong, "A1")
    assert "may be wrong in" in page(seller, "A1")


def test_what_is_missing_without_reason_has_none() -> None:
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    tell(seller, "S", Told("A1", vat_of(buyer)))
    tell(buyer, "P")
    refresh_pairs(seller.pk, OCTOBER)
    assert "What it may be" not in page(seller, "A1")


def corrected(*, by_seller: bool) -> tuple[Taxpayer, Taxpayer]:
    """An invoice of 100 with a credit note of 20 on one side, told as 80 on the other."""
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    to, by = vat_of(buyer), vat_of(seller)
    day = date(2026, 10, 12)
    whole = line("100"), line("-20"), line("80")
    for taxpayer, side, other, tells_both in (
        (seller, "S", to, by_seller),
        (buyer, "P", by, not by_seller),
    ):
        if tells_both:
            credit = Told("K-1", other, type="KS", lines=whole[1], refs=[("a 1", day)])
            tell(taxpayer, side, Told("A1", other, lines=whole[0]), credit)
        else:
            tell(taxpayer, side, Told("A1", other, lines=whole[2]))
    refresh_pairs(seller.pk, OCTOBER)
    return seller, buyer


@pytest.mark.parametrize("by_seller", [True, False])
def test_a_correction_that_is_counted_in_already_is_told_to_both_sides(by_seller: bool) -> None:
    seller, buyer = corrected(by_seller=by_seller)
    teller, other = (seller, buyer) if by_seller else (buyer, seller)
    assert escape("The counterparty tells invoice A1, which this document corrects") in page(
        teller, "K-1"
    )
    assert escape("You tell invoice A1, which this document corrects") in page(other, "K-1")


def test_a_correction_of_another_amount_explains_nothing() -> None:
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    to, by = vat_of(buyer), vat_of(seller)
    credit = Told("K-1", to, type="KS", lines=line("-20"), refs=[("A1", date(2026, 10, 12))])
    tell(seller, "S", Told("A1", to, lines=line("100")), credit)
    tell(buyer, "P", Told("A1", by, lines=line("85")))
    refresh_pairs(seller.pk, OCTOBER)
    assert "which this document corrects" not in page(seller, "K-1")
