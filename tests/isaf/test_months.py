"""A month is judged for everybody by several workers, and only what is not so is written."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from imas.kernel import clock
from isaf import services
from isaf.models import DealPair, MonthPiece, PairPast
from isaf.models.markers import ATTEMPTS, PATIENCE
from isaf.services.months import RANGES, order_month, refresh_month_piece
from isaf.services.pairing import refresh_pairs
from representation.models import Taxpayer
from tests.isaf.everybody import judge_everybody
from tests.isaf.registers_told import OCTOBER, Line, Told, tell, vat_of
from tests.make import make_taxpayer

TYPED, SLIP = "GK2026-107", "GK2026-1O7"


def trade(numbers: int = 40) -> tuple[Taxpayer, Taxpayer]:
    """Two who agree on most, differ on one, and mistyped one."""
    seller, buyer = (make_taxpayer(vat_code=f"LT10000{n}111") for n in range(2))
    alike = [Told(f"N{n}", vat_of(buyer)) for n in range(numbers)]
    tell(seller, "S", *alike, Told("D1", vat_of(buyer)), Told(TYPED, vat_of(buyer)))
    other = Told("D1", vat_of(seller), lines=(Line(Decimal(7)),))
    theirs = [Told(f"N{n}", vat_of(seller)) for n in range(numbers)]
    tell(buyer, "P", *theirs, other, Told(SLIP, vat_of(seller)))
    return seller, buyer


def judged() -> list[tuple[int, str, int | None]]:
    """What is known of every deal."""
    return sorted(DealPair.objects.values_list("match_key", "state", "near_key"))


@pytest.mark.django_db(transaction=True)
def test_what_is_so_already_is_not_written_again() -> None:
    seller, _ = trade()
    refresh_pairs(seller.pk, OCTOBER)
    before = {pair.match_key: pair.refreshed_at for pair in DealPair.objects.all()}
    known = judged()
    bound = 2
    assert judge_everybody(OCTOBER, 4) == bound
    assert judged() == known
    pairs = DealPair.objects.filter(near_key=None)
    assert {pair.match_key: pair.refreshed_at for pair in pairs}.items() <= before.items()
    assert pairs.count() == 41
    assert not PairPast.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_refresh_missed_is_put_right_and_leaves_its_past() -> None:
    seller, _ = trade(3)
    refresh_pairs(seller.pk, OCTOBER)
    known = judged()
    DealPair.objects.filter(state="matched").update(state="differs", fields=1)
    DealPair.objects.filter(state="possible_match").delete()
    assert judge_everybody(OCTOBER) == 5
    assert judged() == known
    assert PairPast.objects.filter(state="differs").count() == 3


@pytest.mark.django_db
def test_the_last_piece_waits_for_the_ranges() -> None:
    trade(2)
    first, second, last = order_month(OCTOBER, 2)
    assert refresh_month_piece(last.pk) is None
    assert refresh_month_piece(first.pk) == first.order
    assert refresh_month_piece(first.pk) is None
    assert set(MonthPiece.objects.due()) == {second}
    assert refresh_month_piece(second.pk) == first.order
    assert set(MonthPiece.objects.due()) == {last}
    assert refresh_month_piece(last.pk) == first.order
    assert {state for _, state, _ in judged()} == {"matched", "differs", "possible_match"}


@pytest.mark.django_db(transaction=True)
def test_ranges_and_refreshes_at_once_come_to_the_same() -> None:
    seller, _ = trade()
    judge_everybody(OCTOBER, 16)
    bound = DealPair.objects.get(state="possible_match")
    assert bound.near_key is not None
    assert bound.match_key // 2**60 != bound.near_key // 2**60, "they lie in different ranges"
    known = judged()
    DealPair.objects.filter(state="matched").update(state="differs", fields=1)
    pieces = [piece.pk for order in range(2) for piece in order_month(OCTOBER, 16)[:-1]]
    with ThreadPoolExecutor(4) as workers:
        refreshes = [workers.submit(_apart, refresh_pairs, seller.pk, OCTOBER) for _ in range(3)]
        ranges = [workers.submit(_apart, refresh_month_piece, piece) for piece in pieces]
        for done in (*refreshes, *ranges):
            done.result()
    assert judged() == known


def _apart(work: Callable[..., object], *told: object) -> None:
    """Work in a thread with a connection of its own."""
    try:
        work(*told)
    finally:
        connection.close()


@pytest.mark.django_db
def test_the_command_asks_for_a_month_and_only_for_what_is_one() -> None:
    call_command("refresh_month", "2026-10", "--ranges", "4")
    assert [piece.nth for piece in MonthPiece.objects.all()] == [0, 1, 2, 3, None]
    with pytest.raises(CommandError, match="Not a period"):
        call_command("refresh_month", "October")
    with pytest.raises(ValueError, match="3 is none of"):
        order_month(OCTOBER, 3)
    assert set(RANGES) == {1, 2, 4, 8, 16}


@pytest.mark.django_db
def test_a_piece_that_fails_too_often_is_told_to_the_operators(settings: Settings) -> None:
    settings.ADMINS = [("Operators", "operators@example.lt")]
    order_month(OCTOBER, 1)
    long_ago = clock.now() - 2 * PATIENCE
    MonthPiece.objects.update(attempts=ATTEMPTS, claimed_at=long_ago)
    services.give_up()
    assert len(mail.outbox) == 2
    assert "isaf.month-given-up" in mail.outbox[0].subject
    assert services.try_again() == 2
    assert MonthPiece.objects.due().count() == 1
