"""Ordered reports: drawn up once, announced, and what each side sees."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from imas.kernel import clock
from imas.kernel.errors import ForbiddenError, NotFoundError, UnprocessableError
from imas.kernel.periods import Period
from isaf.matching import SeenState
from isaf.models import CrossCheck, DealPair, ReportedPair, ReportState
from isaf.selectors import pairs, reports
from isaf.selectors.pairs import PairQuery, SeenPair
from isaf.services.crosscheck import due, order_cross_check, refresh_pairs, run_cross_check
from mailbox.models import Message
from representation.models import JournalEntry, Taxpayer
from representation.types import Acting
from tests.isaf.registers_told import OCTOBER, Line, Told, tell, vat_of
from tests.make import make_acting, make_taxpayer

pytestmark = pytest.mark.django_db


def two_with_mismatches() -> tuple[Acting, Acting]:
    """A seller and a buyer: one invoice matches, one differs, each lacks one of the other's."""
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    to, by = vat_of(buyer), vat_of(seller)
    tell(seller, "S", Told("M1", to), Told("D2", to), Told("ONLYSOLD9", to))
    dearer = (Line(vat=Decimal("25.20")),)
    tell(buyer, "P", Told("M1", by), Told("D2", by, lines=dearer), Told("XBOUGHT55", by))
    refresh_pairs(seller.pk, OCTOBER)
    return make_acting(taxpayer=seller), make_acting(taxpayer=buyer)


def seen(acting: Acting, query: PairQuery | None = None) -> Sequence[SeenPair]:
    return pairs.pair_page(acting, OCTOBER, query or PairQuery(), "").rows


def states(acting: Acting) -> list[str]:
    return sorted(pair.state for pair in seen(acting))


def test_both_sides_see_the_same_deals_mirrored() -> None:
    seller, buyer = two_with_mismatches()
    expected = ["differs", "matched", "missing_at_counterparty", "missing_at_us"]
    assert states(seller) == states(buyer) == expected
    (ours,) = seen(seller, PairQuery(states=(SeenState.DIFFERS,)))
    (theirs,) = seen(buyer, PairQuery(states=(SeenState.DIFFERS,)))
    assert (ours.ours, ours.theirs) == (theirs.theirs, theirs.ours)
    assert ours.counterparty_code == buyer.taxpayer_code


def test_a_stranger_sees_nothing_of_a_deal() -> None:
    two_with_mismatches()
    stranger = make_acting(taxpayer=make_taxpayer(vat_code="LT100003333"))
    assert seen(stranger) == []
    assert pairs.summary_of(stranger, OCTOBER, PairQuery()).pairs == 0


def test_what_others_told_is_hidden_until_our_own_register_is_submitted() -> None:
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    tell(buyer, "P", Told("B1", vat_of(seller)))
    refresh_pairs(buyer.pk, OCTOBER)
    assert states(make_acting(taxpayer=buyer)) == ["waiting"]
    assert states(make_acting(taxpayer=seller)) == []


def test_the_right_is_demanded_everywhere() -> None:
    acting = make_acting("isaf.view")
    for ask in (
        lambda: pairs.pair_page(acting, OCTOBER, PairQuery(), ""),
        lambda: pairs.summary_of(acting, OCTOBER, PairQuery()),
        lambda: pairs.submitted_periods(acting),
        lambda: order_cross_check(acting, [OCTOBER]),
        lambda: reports.report_page(acting, ""),
        lambda: reports.find_report(acting, uuid4()),
    ):
        with pytest.raises(ForbiddenError):
            ask()


def test_a_summary_counts_invoices_and_what_is_wrong_with_them() -> None:
    seller, _ = two_with_mismatches()
    summary = pairs.summary_of(seller, OCTOBER, PairQuery()).as_json()
    assert summary["checked_invoices"] == 4
    assert summary["mismatched_invoices"] == 3
    assert summary["by_kind"] == {
        "vat": 1, "total": 1, "missing_at_counterparty": 1, "missing_at_us": 1,
    }  # fmt: skip
    assert summary["mismatches"] == 4
    assert summary["differences"] == {"total": "246.20", "taxable": "200.00", "vat": "46.20"}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (PairQuery(text="only"), ["ONLYSOLD9"]),
        (PairQuery(text="xbought"), ["XBOUGHT55"]),
        (PairQuery(text="LT100002222"), ["D2", "M1", "ONLYSOLD9"]),
        (PairQuery(text="100%"), []),
        (PairQuery(side="P"), []),
        (PairQuery(counterparty="LT100002222", states=(SeenState.MATCHED,)), ["M1"]),
        (PairQuery(counterparty="LT999"), []),
    ],
)
def test_pairs_are_found_by_what_is_asked(query: PairQuery, numbers: list[str]) -> None:
    seller, _ = two_with_mismatches()
    found = [(pair.ours or pair.theirs) for pair in seen(seller, query)]
    assert sorted(told.number for told in found if told) == numbers


def test_pages_walk_forth_and_back_over_every_pair_once() -> None:
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    tell(seller, "S", *(Told(f"N{n}", vat_of(buyer)) for n in range(60)))
    refresh_pairs(seller.pk, OCTOBER)
    acting = make_acting(taxpayer=seller)
    numbers = [
        pair.ours.number for pair in pairs.every_pair(acting, OCTOBER, PairQuery()) if pair.ours
    ]
    assert len(numbers) == len(set(numbers)) == 60
    first = pairs.pair_page(acting, OCTOBER, PairQuery(), "")
    second = pairs.pair_page(acting, OCTOBER, PairQuery(), first.next)
    back = pairs.pair_page(acting, OCTOBER, PairQuery(), second.previous)
    assert back.rows == first.rows
    assert not back.previous


def test_a_page_takes_one_query_however_many_pairs_it_shows() -> None:
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    tell(seller, "S", *(Told(f"N{n}", vat_of(buyer)) for n in range(30)))
    refresh_pairs(seller.pk, OCTOBER)
    acting = make_acting(taxpayer=seller)
    with CaptureQueriesContext(connection) as queries:
        seen(acting)
    assert len(queries) == 1


def test_a_report_keeps_the_day_it_was_drawn_up() -> None:
    seller, buyer = two_with_mismatches()
    report = order_cross_check(seller, [OCTOBER])
    run_cross_check(report.pk)
    report.refresh_from_db()
    assert report.state == ReportState.READY
    assert report.summary["mismatched_invoices"] == 3
    before = list(report.pairs.values_list("state", "our_number", "their_number"))
    assert len(before) == 3
    refresh_pairs(buyer.taxpayer_id, OCTOBER)
    DealPair.objects.all().delete()
    assert list(report.pairs.values_list("state", "our_number", "their_number")) == before


def test_a_report_run_twice_is_drawn_up_and_announced_once() -> None:
    seller, buyer = two_with_mismatches()
    report = order_cross_check(seller, [OCTOBER])
    run_cross_check(report.pk)
    run_cross_check(report.pk)
    assert report.pairs.count() == 3
    assert Message.objects.filter(taxpayer_id=seller.taxpayer_id).count() == 1
    assert JournalEntry.objects.filter(action="isaf.crosscheck-ordered").count() == 1
    assert Message.objects.filter(taxpayer_id=buyer.taxpayer_id).count() == 1


def test_a_lost_report_is_drawn_up_anew_without_doubles() -> None:
    seller, _ = two_with_mismatches()
    report = order_cross_check(seller, [OCTOBER])
    run_cross_check(report.pk)
    long_ago = clock.now() - timedelta(hours=1)
    CrossCheck.objects.update(state="running", claimed_at=long_ago, finished_at=None)
    assert due() == [report.pk]
    run_cross_check(report.pk)
    assert report.pairs.count() == 3


def test_a_report_that_fails_too_often_is_given_up() -> None:
    report = order_cross_check(make_acting(), [OCTOBER])
    long_ago = clock.now() - timedelta(hours=1)
    CrossCheck.objects.update(state="running", claimed_at=long_ago, attempts=5)
    assert due() == []
    report.refresh_from_db()
    assert report.state == ReportState.FAILED


def test_counterparties_are_told_of_their_own_mismatches_once_a_day() -> None:
    seller, buyer = two_with_mismatches()
    for _ in range(2):
        run_cross_check(order_cross_check(seller, [OCTOBER]).pk)
    (message,) = Message.objects.filter(taxpayer_id=buyer.taxpayer_id)
    assert message.params == {"count": "3", "periods": "2026-10"}
    assert seller.taxpayer_code not in str(message.params)


def test_a_report_lists_what_its_filter_lets_pass_and_counts_everything() -> None:
    seller, _ = two_with_mismatches()
    query = PairQuery(states=(SeenState.MATCHED, SeenState.DIFFERS), side="S")
    report = order_cross_check(seller, [OCTOBER], query)
    run_cross_check(report.pk)
    report.refresh_from_db()
    assert sorted(report.pairs.values_list("state", flat=True)) == ["differs", "matched"]
    assert report.summary["mismatched_invoices"] == 3


def test_several_periods_stand_in_one_report() -> None:
    seller, buyer = two_with_mismatches()
    september = Period.month(2026, 9)
    taxpayer = Taxpayer.objects.get(pk=seller.taxpayer_id)
    tell(taxpayer, "S", Told("S1", buyer.taxpayer_vat), period=september)
    refresh_pairs(taxpayer.pk, september)
    report = order_cross_check(seller, [OCTOBER, september], PairQuery(states=tuple(SeenState)))
    run_cross_check(report.pk)
    positions = list(report.pairs.order_by("position").values_list("position", "month"))
    assert [position for position, _ in positions] == [1, 2, 3, 4, 5]
    assert report.periods == ["2026-09", "2026-10"]


@pytest.mark.parametrize(
    ("periods", "code"),
    [
        ([], "crosscheck-periods-missing"),
        (
            [Period.month(2020 + n // 12, n % 12 + 1) for n in range(30)],
            "crosscheck-periods-too-many",
        ),
        ([OCTOBER, Period.half_year(2026, 2)], "crosscheck-periods-overlap"),
        ([Period.month(2099, 1)], "crosscheck-period-not-begun"),
    ],
)
def test_wrong_periods_are_refused(periods: list[Period], code: str) -> None:
    with pytest.raises(UnprocessableError, match=code):
        order_cross_check(make_acting(), periods)


def test_a_strangers_report_is_not_found() -> None:
    report = order_cross_check(make_acting(), [OCTOBER])
    with pytest.raises(NotFoundError):
        reports.find_report(make_acting(), report.pk)


@pytest.mark.django_db(transaction=True)
def test_refreshes_of_both_sides_at_once_leave_every_deal_once() -> None:
    seller, buyer = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    line = {n: (Line(taxable=Decimal(n)),) for n in range(300)}
    tell(seller, "S", *(Told(f"N{n}", vat_of(buyer), lines=line[n]) for n in range(200)))
    tell(buyer, "P", *(Told(f"N{n}", vat_of(seller), lines=line[n]) for n in range(100, 300)))
    refresh_pairs(seller.pk, OCTOBER)

    def work(taxpayer_id: int) -> None:
        try:
            refresh_pairs(taxpayer_id, OCTOBER)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, one.pk) for one in (seller, buyer, seller, buyer)]:
            done.result()
    # Other tests that commit leave pairs behind: their table is no model's to flush.
    own = DealPair.objects.filter(Q(seller_id=seller.pk) | Q(buyer_id=buyer.pk))
    counted = sorted(own.values_list("state", flat=True))
    assert counted == ["matched"] * 100 + ["missing"] * 200


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_draws_up_a_report() -> None:
    seller, _ = two_with_mismatches()
    report = order_cross_check(seller, [OCTOBER])

    def work(_: int) -> bool:
        try:
            return CrossCheck.objects.claim(report.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [False, True]


def test_a_reported_pair_names_its_source() -> None:
    seller, _ = two_with_mismatches()
    report = order_cross_check(seller, [OCTOBER])
    run_cross_check(report.pk)
    line = ReportedPair.objects.filter(cross_check=report, state="differs").get()
    assert (line.our_source or "").startswith("S-2026-10")
