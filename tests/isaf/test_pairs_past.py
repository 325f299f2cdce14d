"""What pairs were before is kept, and since when they are as they are."""

from datetime import date
from decimal import Decimal

import pytest

from imas.kernel.periods import Period
from isaf.models import DealPair, PairPast, Register
from isaf.services.pairing import refresh_pairs
from representation.models import Taxpayer
from tests.isaf.everybody import judge_everybody
from tests.isaf.registers_told import OCTOBER, Line, Told, tell, vat_of, withdraw
from tests.make import make_taxpayer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def parties() -> tuple[Taxpayer, Taxpayer]:
    return make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")


def supersede(register: Register) -> None:
    Register.objects.filter(pk=register.pk).update(current=False, relevant=False)


def pasts() -> list[tuple[str, int, bool, bool]]:
    return list(PairPast.objects.values_list("state", "fields", "sold", "bought"))


def test_a_pair_leaves_what_it_was_behind_and_knows_since_when_it_is_as_it_is(
    parties: tuple[Taxpayer, Taxpayer],
) -> None:
    seller, buyer = parties
    tell(seller, "S", Told("A1", vat_of(buyer)))
    refresh_pairs(seller.pk, OCTOBER)
    assert DealPair.objects.get().state == "waiting"

    first = tell(buyer, "P", Told("A1", vat_of(seller), issued=date(2026, 10, 13)))
    refresh_pairs(buyer.pk, OCTOBER)
    differs = DealPair.objects.get()
    assert (differs.state, differs.fields) == ("differs", 1)
    assert pasts() == []  # that somebody was waited for is not worth a line

    refresh_pairs(seller.pk, OCTOBER)
    again = DealPair.objects.get()
    assert again.since == differs.since
    assert again.refreshed_at > differs.refreshed_at

    supersede(first)
    tell(buyer, "P", Told("A1", vat_of(seller)))
    refresh_pairs(buyer.pk, OCTOBER)
    matched = DealPair.objects.get()
    assert matched.state == "matched"
    assert pasts() == [("differs", 1, True, True)]
    past = PairPast.objects.get()
    assert (past.since, past.until) == (differs.since, matched.since)
    assert (past.seller_id, past.buyer_id) == (seller.pk, buyer.pk)


def test_a_missing_invoice_that_is_withdrawn_leaves_its_past(
    parties: tuple[Taxpayer, Taxpayer],
) -> None:
    seller, buyer = parties
    told = tell(seller, "S", Told("A1", vat_of(buyer)))
    tell(buyer, "P", Told("B9", vat_of(seller), lines=(Line(Decimal(5)),)))
    refresh_pairs(seller.pk, OCTOBER)
    withdraw(told)
    refresh_pairs(seller.pk, OCTOBER)
    assert [pair.state for pair in DealPair.objects.all()] == ["waiting"]
    assert sorted(pasts()) == [("missing", 0, False, True), ("missing", 0, True, False)]


@pytest.mark.parametrize("everybody", [False, True])
def test_possible_matches_do_not_flicker(
    parties: tuple[Taxpayer, Taxpayer], *, everybody: bool
) -> None:
    seller, buyer = parties

    def judge() -> None:
        if everybody:
            judge_everybody(OCTOBER)
        else:
            refresh_pairs(seller.pk, OCTOBER)
            refresh_pairs(buyer.pk, OCTOBER)

    tell(seller, "S", Told("GK2026-107", vat_of(buyer)), Told("C3", vat_of(buyer)))
    slip = tell(buyer, "P", Told("GK2026-1O7", vat_of(seller)), Told("C3", vat_of(seller)))
    judge()
    first = DealPair.objects.get(state="possible_match")
    judge()
    assert DealPair.objects.get(state="possible_match").since == first.since
    assert pasts() == []

    supersede(slip)
    tell(buyer, "P", Told("GK2026-107", vat_of(seller)), Told("C3", vat_of(seller)))
    judge()
    assert {pair.state for pair in DealPair.objects.all()} == {"matched"}
    assert pasts() == [("possible_match", 0, True, True)]


def test_a_touched_entry_that_finds_an_untouched_one_leaves_the_past_of_both(
    parties: tuple[Taxpayer, Taxpayer],
) -> None:
    seller, buyer = parties
    tell(seller, "S", Told("GK2026-107", vat_of(buyer)))
    none = tell(buyer, "P", Told("Z4", vat_of(seller), lines=(Line(Decimal(7)),)))
    refresh_pairs(seller.pk, OCTOBER)
    supersede(none)
    tell(buyer, "P", Told("GK2026-1O7", vat_of(seller)))
    refresh_pairs(buyer.pk, OCTOBER)
    assert [pair.state for pair in DealPair.objects.all()] == ["possible_match"]
    assert ("missing", 0, True, False) in pasts()


def test_a_number_used_before_is_not_lost_when_its_possible_match_is_put_right(
    parties: tuple[Taxpayer, Taxpayer],
) -> None:
    seller, buyer = parties
    june = Period.month(2026, 6)
    for period in (june, OCTOBER):
        tell(seller, "S", Told("GK2026-107", vat_of(buyer), issued=period.start), period=period)
    tell(buyer, "P", Told("GK2026-107", vat_of(seller), issued=june.start), period=june)
    slip = tell(buyer, "P", Told("GK2026-1O7", vat_of(seller), issued=OCTOBER.start))
    refresh_pairs(buyer.pk, june)
    refresh_pairs(buyer.pk, OCTOBER)
    assert states_by_month() == ["matched", "possible_match"]

    supersede(slip)
    tell(buyer, "P", Told("GK2026-107", vat_of(seller), issued=OCTOBER.start))
    refresh_pairs(buyer.pk, OCTOBER)
    assert states_by_month() == ["matched", "matched"]


def states_by_month() -> list[str]:
    """The states of all pairs, the earliest month first."""
    return [pair.state for pair in DealPair.objects.order_by("period_start")]
