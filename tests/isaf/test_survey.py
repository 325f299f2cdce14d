"""A survey doubts nothing that is so, and whatever is not; what it doubts is put right."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from imas.kernel import clock
from imas.kernel.periods import Period
from isaf import facts, survey, tasks
from isaf.models import DealPair, MonthPiece, PairPast, PartFacts, Register
from isaf.models.markers import PATIENCE
from isaf.services import surveying
from isaf.services.months import order_month, range_parameters, refresh_month_piece
from isaf.services.pairing import refresh_pairs
from isaf.services.surveying import Doubtful, doubtful
from isaf.survey import FACTS
from representation.models import Taxpayer
from tests.isaf.everybody import judge_everybody
from tests.isaf.registers_told import OCTOBER, Line, Told, supersede, tell, vat_of, withdraw
from tests.isaf.test_crosscheck_laws import Economy, economy, judged_by_sql, judged_purely
from tests.make import make_taxpayer

pytestmark = pytest.mark.django_db

MONTHS = [Period.month(2026, month) for month in range(7, 13)]


def doubt(period: Period = OCTOBER, nth: int = 0, ranges: int = 1) -> Doubtful | None:
    return doubtful(period, range_parameters(period, nth, ranges))


def beyond_doubt(period: Period = OCTOBER) -> bool:
    return doubt(period) == Doubtful([], [])


def kept(world: Economy) -> list[Register]:
    """Have an economy told and its pairs kept as they are kept day by day."""
    registers = [
        tell(taxpayer, side, *told, period=period)
        for taxpayer, side, period, told in world.registers
    ]
    for taxpayer, _, period, _ in world.registers:
        refresh_pairs(taxpayer.pk, period)
    return registers


def two() -> tuple[Taxpayer, Taxpayer]:
    seller, buyer = (make_taxpayer(vat_code=f"LT10000{n}111") for n in range(2))
    return seller, buyer


def traded(
    sold: Told, bought: Told, *, numbers: int = 9
) -> tuple[Taxpayer, Taxpayer, Register, Register]:
    """Two who agree on some invoices and tell of one more each; their pairs are kept."""
    seller, buyer = two()
    alike = [f"N{n}" for n in range(numbers)]
    sales = tell(seller, "S", *(Told(n, vat_of(buyer)) for n in alike), sold)
    purchases = tell(buyer, "P", *(Told(n, vat_of(seller)) for n in alike), bought)
    refresh_pairs(seller.pk, OCTOBER)
    refresh_pairs(buyer.pk, OCTOBER)
    return seller, buyer, sales, purchases


@pytest.mark.parametrize("seed", range(200, 212))
def test_nothing_is_doubted_that_refreshes_kept(seed: int) -> None:
    world = economy(random.Random(seed))  # noqa: S311 - a reproducible economy
    kept(world)
    for month in MONTHS:
        for nth in range(2):
            found = doubt(month, nth, ranges=2)
            assert found is not None
            assert found.buckets == []
        judge_everybody(month)
    assert judged_by_sql() == judged_purely(world)


@pytest.mark.parametrize("seed", range(240, 244))
def test_it_comes_to_the_same_however_it_is_cut(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "_AT_ONCE", 1 + seed % 4)
    monkeypatch.setattr(surveying, "_PARTS_AT_ONCE", 1 + seed % 3)
    kept(economy(random.Random(seed)))  # noqa: S311 - a reproducible economy
    for month in MONTHS:
        for ranges in (1, 2, 16):
            for nth in range(ranges):
                found = doubt(month, nth, ranges)
                assert found is not None
                assert found.buckets == []


Harm = Callable[[random.Random], object]


def _say_it_differs(_chance: random.Random) -> object:
    return DealPair.objects.filter(state="matched").update(state="differs", fields=2)


def _say_it_agrees(_chance: random.Random) -> object:
    return DealPair.objects.filter(state="differs").update(state="matched", fields=0)


def _say_it_is_missing(_chance: random.Random) -> object:
    return DealPair.objects.filter(state="waiting").update(state="missing")


def _say_another_reason(_chance: random.Random) -> object:
    return DealPair.objects.filter(reason="foreign").update(reason="no-vat-code")


def _lose_some(chance: random.Random) -> object:
    for pair in DealPair.objects.all():
        if chance.random() < 0.2:
            DealPair.objects.filter(pk=pair.pk).delete()
    return None


@pytest.mark.parametrize(
    "harm",
    [_say_it_differs, _say_it_agrees, _say_it_is_missing, _say_another_reason, _lose_some],
)
@pytest.mark.parametrize("seed", range(220, 224))
def test_pairs_that_are_not_so_are_put_right(seed: int, harm: Harm) -> None:
    chance = random.Random(seed)  # noqa: S311 - a reproducible economy
    world = economy(chance)
    kept(world)
    harm(chance)
    for month in MONTHS:
        judge_everybody(month, ranges=chance.choice((1, 2)))
    assert judged_by_sql() == judged_purely(world)


@pytest.mark.parametrize("seed", range(230, 238))
def test_registers_that_nobody_refreshed_are_put_right(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a reproducible economy
    world = economy(chance)
    registers = kept(world)
    for register, told in zip(registers, list(world.registers), strict=True):
        if chance.random() < 0.2:
            withdraw(register)
            world.registers.remove(told)
    for month in MONTHS:
        judge_everybody(month, ranges=chance.choice((1, 4)))
    assert judged_by_sql() == judged_purely(world)


def test_a_newer_revision_that_says_the_same_is_seen() -> None:
    seller, buyer = two()
    told = [Told(f"N{n}", vat_of(buyer)) for n in range(5)]
    first = tell(seller, "S", *told)
    tell(buyer, "P", *(Told(f"N{n}", vat_of(seller)) for n in range(5)))
    refresh_pairs(seller.pk, OCTOBER)
    refresh_pairs(buyer.pk, OCTOBER)
    assert beyond_doubt()
    supersede(first)
    second = tell(seller, "S", *told)
    assert doubt() is None, "its facts are not packed"
    judge_everybody(OCTOBER)
    parts = set(DealPair.objects.values_list("sale_part", flat=True))
    assert parts == {second.shown.get().part_id}
    assert beyond_doubt()
    DealPair.objects.update(sale_part=first.shown.get().part_id)
    found = doubt()
    assert found is not None
    assert len(found.buckets) == 5
    judge_everybody(OCTOBER)
    assert set(DealPair.objects.values_list("sale_part", flat=True)) == parts


def test_one_pair_in_doubt_does_not_have_the_others_judged() -> None:
    traded(Told("D1", "LT100001111"), Told("D1", "LT100000111"), numbers=40)
    wrong = DealPair.objects.earliest("match_key")
    DealPair.objects.filter(pk=wrong.pk).update(state="differs", fields=1)
    found = doubt()
    assert found is not None
    assert found.buckets == [wrong.match_key >> facts.BUCKET_SHIFT]
    assert judge_everybody(OCTOBER) == 1
    assert set(DealPair.objects.values_list("state", flat=True)) == {"matched"}


def test_possible_matches_are_not_judged_again_where_nothing_is_in_doubt() -> None:
    traded(Told("GK2026-107", "LT100001111"), Told("GK2026-1O7", "LT100000111"))
    assert DealPair.objects.filter(state="possible_match").count() == 1
    assert beyond_doubt()
    assert judge_everybody(OCTOBER) == 0
    assert [piece.months for piece in MonthPiece.objects.all()] == [[], [], []]


def test_a_possible_match_that_is_none_any_more_is_seen() -> None:
    *_, sales, _ = traded(Told("GK2026-107", "LT100001111"), Told("GK2026-1O7", "LT100000111"))
    withdraw(sales)
    judge_everybody(OCTOBER)
    assert set(DealPair.objects.values_list("state", flat=True)) == {"waiting"}


@pytest.mark.django_db(transaction=True)
def test_a_piece_whose_worker_died_is_done_as_if_it_never_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    traded(Told("GK2026-107", "LT100001111"), Told("GK2026-1O7", "LT100000111"))
    DealPair.objects.filter(state="possible_match").delete()
    DealPair.objects.update(state="differs")
    first, last = order_month(OCTOBER, 1)
    with monkeypatch.context() as death:
        death.setattr(MonthPiece, "save", _die)
        with pytest.raises(KeyboardInterrupt):
            refresh_month_piece(first.pk)
    assert set(DealPair.objects.values_list("state", flat=True)) == {"differs"}
    MonthPiece.objects.update(claimed_at=clock.now() - 2 * PATIENCE)
    assert refresh_month_piece(first.pk) == refresh_month_piece(last.pk) == first.order
    assert DealPair.objects.filter(state="possible_match").count() == 1


def _die(*_told: object, **_named: object) -> None:
    raise KeyboardInterrupt


def test_anew_means_every_deal() -> None:
    traded(Told("D1", "LT100001111"), Told("D1", "LT100000111", lines=(Line(Decimal(7)),)))
    pieces = order_month(OCTOBER, 2, anew=True)
    for piece in pieces:
        refresh_month_piece(piece.pk)
    ranges = MonthPiece.objects.of_order(pieces[0].order).filter(nth__isnull=False)
    assert [piece.months for piece in ranges] == [[OCTOBER.start]] * 2
    assert not PairPast.objects.exists()


def test_a_payer_no_more_is_seen() -> None:
    seller, buyer, *_ = traded(Told("D1", "LT100001111"), Told("D1", "LT100000111"))
    assert beyond_doubt()
    buyer.vat_registrations.update(valid_to=date(2026, 9, 30))
    found = doubt()
    assert found is not None
    assert len(found.keys) == 10, "sales and purchases that are no longer of the same two"
    judge_everybody(OCTOBER)
    sales = DealPair.objects.filter(seller_id=seller.pk, purchase_part=None)
    assert {pair.reason for pair in sales} == {"not-a-payer"}
    assert sales.count() == 10


def test_who_hands_in_nothing_is_waited_for_and_then_missed() -> None:
    seller, buyer = two()
    tell(seller, "S", Told("N1", vat_of(buyer)))
    refresh_pairs(seller.pk, OCTOBER)
    assert DealPair.objects.get().state == "waiting"
    assert beyond_doubt()
    tell(buyer, "P")
    judge_everybody(OCTOBER)
    assert DealPair.objects.get().state == "missing"


def test_what_another_month_tells_is_not_doubted() -> None:
    seller, buyer = two()
    november = Period.month(2026, 11)
    tell(seller, "S", Told("N1", vat_of(buyer)))
    tell(buyer, "P", Told("N1", vat_of(seller)), period=november)
    refresh_pairs(seller.pk, OCTOBER)
    refresh_pairs(buyer.pk, november)
    assert DealPair.objects.get().state == "other_period"
    assert beyond_doubt(OCTOBER)
    assert beyond_doubt(november)
    assert beyond_doubt(Period.quarter(2026, 4))


def test_a_half_year_is_judged_and_left_as_it_is() -> None:
    seller, buyer = two()
    tell(seller, "S", Told("N1", vat_of(buyer)), period=Period.half_year(2026, 2))
    tell(buyer, "P", Told("N1", vat_of(seller)))
    refresh_pairs(seller.pk, Period.half_year(2026, 2))
    refresh_pairs(buyer.pk, OCTOBER)
    pair = DealPair.objects.get()
    assert pair.state == "matched"
    assert doubt() == Doubtful([], [pair.match_key])
    assert judge_everybody(OCTOBER) == 0
    assert [piece.months for piece in MonthPiece.objects.all()] == [[], [], []]
    assert DealPair.objects.get().refreshed_at == pair.refreshed_at


def test_facts_are_packed_once_with_the_pairs() -> None:
    seller, buyer = two()
    register = tell(seller, "S", *(Told(f"N{n}", vat_of(buyer)) for n in range(3)))
    tell(buyer, "P")
    refresh_pairs(seller.pk, OCTOBER)
    packed = PartFacts.objects.get()
    assert packed.part_id == register.shown.get().part_id
    assert FACTS.itemsize == facts.SIZE
    assert len(packed.packed) == 3 * facts.SIZE
    assert packed.bounds[0] == 0
    assert packed.bounds == sorted(packed.bounds)
    assert packed.bounds[-1] == 3
    assert doubt() is None
    refresh_pairs(buyer.pk, OCTOBER)
    assert bytes(PartFacts.objects.get(part__taxpayer=buyer).packed) == b""
    refresh_pairs(seller.pk, OCTOBER)
    assert PartFacts.objects.count() == 2
    assert beyond_doubt()


@pytest.mark.parametrize("ours", ["9999999999999999.99", "-9999999999999999.99"])
def test_sums_beyond_measure_are_no_obstacle(ours: str) -> None:
    most = (Line(Decimal(ours), Decimal(ours)),) * 20
    traded(Told("D1", "LT100001111", lines=most), Told("D1", "LT100000111"))
    assert DealPair.objects.filter(state="differs", fields=14).count() == 1
    assert beyond_doubt()


def test_a_day_beyond_measure_is_no_obstacle() -> None:
    traded(Told("D1", "LT100001111", issued=date(9999, 12, 31)), Told("D1", "LT100000111"))
    assert beyond_doubt()


def test_a_payer_told_by_another_code_is_judged_one_by_one() -> None:
    seller, buyer, *_ = traded(Told("D1", "LT100001111"), Told("D1", "LT100000111"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM isaf_partfacts")
        cursor.execute(
            "UPDATE isaf_invoice SET counterparty_vat = '', counterparty_code = %s"
            " WHERE counterparty_vat = %s",
            [seller.code, vat_of(seller)],
        )
    refresh_pairs(seller.pk, OCTOBER)
    refresh_pairs(buyer.pk, OCTOBER)
    assert set(DealPair.objects.values_list("state", flat=True)) == {"matched"}
    found = doubt()
    assert found is not None
    assert found.buckets == []
    assert len(found.keys) == 10
    assert judge_everybody(OCTOBER) == 0


def test_each_night_the_last_months_are_made_sure_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 1, 31))
    long_ago, lately = (clock.now() - timedelta(days=days) for days in (31, 29))
    old, new = order_month(OCTOBER, 1)
    MonthPiece.objects.filter(pk=old.pk).update(done_at=long_ago)
    MonthPiece.objects.filter(pk=new.pk).update(done_at=lately)
    tasks.make_sure()
    assert list(MonthPiece.objects.filter(start=OCTOBER.start)) == [new]
    MonthPiece.objects.filter(pk=new.pk).delete()
    asked = MonthPiece.objects.filter(nth=None).order_by("start")
    assert [(piece.start, piece.ranges, piece.anew) for piece in asked] == [
        (date(2025, 11, 1), 8, False),
        (date(2025, 12, 1), 8, False),
        (date(2026, 1, 1), 8, False),
    ]
