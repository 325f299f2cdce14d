"""Terms of the cross-check are dated: a later row changes the judgement only from its day on."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from imas.kernel.dated import Dated
from imas.kernel.periods import Period
from isaf import crosscheck_terms
from isaf.matching import Field, SeenState
from isaf.models import DealPair, Invoice
from isaf.selectors.contributions import mismatches_of
from isaf.selectors.differences import months_until, parties_of
from isaf.selectors.einvoices import SEEN
from isaf.selectors.pairs import PairQuery, summary_of
from isaf.selectors.summing import Summary
from isaf.services.crosscheck import order_cross_check, refresh_pairs, run_cross_check
from isaf.words import crosscheck as words
from mailbox.models import Message
from representation.models import Taxpayer
from tests.isaf.dated import changed
from tests.isaf.everybody import judge_everybody
from tests.isaf.registers_told import OCTOBER, Line, Told, tell, vat_of
from tests.make import make_acting, make_taxpayer

NOVEMBER = Period.month(2026, 11)
SINCE = NOVEMBER.start
CENTS_MORE = Told(lines=(Line(vat=Decimal("21.05")),))


def two() -> tuple[Taxpayer, Taxpayer]:
    return make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")


def states() -> list[str]:
    return list(DealPair.objects.order_by("issued").values_list("state", flat=True))


def tell_in_both_months(theirs: Told) -> tuple[Taxpayer, Taxpayer]:
    """The same difference in October and in November."""
    seller, buyer = two()
    for period in (OCTOBER, NOVEMBER):
        issued = period.start + timedelta(days=4)
        number = f"A{issued.month}"
        ours = Told(number, vat_of(buyer), issued=issued)
        tell(seller, "S", ours, period=period)
        told = Told(number, vat_of(seller), issued=issued, type=theirs.type, lines=theirs.lines)
        tell(buyer, "P", told, period=period)
        refresh_pairs(seller.pk, period)
    return seller, buyer


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "code", "told", "theirs"),
    [
        ("limits", "crosscheck-tolerance", {"value": "0.05"}, CENTS_MORE),
        ("mismatches", "type", {"counted": "no"}, Told(type="KS")),
    ],
)
def test_what_differs_is_what_differed_in_the_month(
    table: str, code: str, told: dict[str, str], theirs: Told
) -> None:
    with changed(table, code, SINCE, **told):
        tell_in_both_months(theirs)
        assert states() == ["differs", "matched"]
        for period in (OCTOBER, NOVEMBER):
            judge_everybody(period)
        assert states() == ["differs", "matched"]


def test_the_fields_compared_change_with_every_row() -> None:
    with changed("mismatches", "type", SINCE, counted="no"):
        before, after = (crosscheck_terms.compared().on(day) for day in (OCTOBER.end, SINCE))
    assert before & ~after == Field.TYPE
    assert crosscheck_terms.compared().on(SINCE) == before


def _told_far_apart(told: Period, received: Period) -> tuple[Summary, Summary]:
    """One invoice in two periods, with nothing else told: how each side sees it."""
    seller, buyer = two()
    tell(seller, "S", Told("A1", vat_of(buyer), issued=told.start), period=told)
    tell(seller, "S", period=received)
    tell(buyer, "P", period=told)
    tell(buyer, "P", Told("A1", vat_of(seller), issued=told.start), period=received)
    refresh_pairs(seller.pk, told)
    refresh_pairs(buyer.pk, received)
    sold = summary_of(make_acting(taxpayer=seller), told, PairQuery())
    return sold, summary_of(make_acting(taxpayer=buyer), received, PairQuery())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "value", "since", "found"),
    [
        ("crosscheck-furthest-days", "60", date(2026, 12, 1), 0),
        ("crosscheck-furthest-days", "60", date(2027, 1, 1), 1),
        ("crosscheck-furthest-days", "61", date(2026, 12, 1), 1),
        ("crosscheck-reach-months", "1", date(2026, 12, 1), 0),
        ("crosscheck-reach-months", "1", date(2027, 1, 1), 1),
    ],
)
def test_how_far_is_looked_is_what_held_in_the_later_month(
    code: str, value: str, since: date, found: int
) -> None:
    with changed("limits", code, since, value=value):
        seen = _told_far_apart(OCTOBER, Period.month(2026, 12))
    assert [one.states.get(SeenState.OTHER_PERIOD, 0) for one in seen] == [found, found]


@pytest.mark.django_db
def test_a_longer_reach_does_not_work_backwards() -> None:
    with changed("limits", "crosscheck-reach-months", date(2026, 12, 1), value="4"):
        seen = _told_far_apart(Period.month(2026, 8), NOVEMBER)
    assert [one.states.get(SeenState.OTHER_PERIOD, 0) for one in seen] == [0, 0]


@pytest.mark.django_db
def test_what_is_a_mismatch_is_what_was_one_in_the_month() -> None:
    seller, buyer = tell_in_both_months(Told(lines=(Line(vat=Decimal("25.20")),)))
    acting = make_acting(taxpayer=seller)
    with changed("mismatches", "differs", SINCE, counted="no"):
        counted = [summary_of(acting, month, PairQuery()) for month in (OCTOBER, NOVEMBER)]
        assert [one.mismatched for one in counted] == [1, 0]
        assert [one.checked for one in counted] == [1, 1]
        assert [one.mismatched for one in months_until(acting, NOVEMBER)] == [1, 0]
        assert [parties_of(acting, month).all for month in (OCTOBER, NOVEMBER)] == [1, 0]
        report = order_cross_check(acting, [OCTOBER, NOVEMBER])
        run_cross_check(report.pk)
        told = Message.objects.get(taxpayer_id=buyer.pk)
    report.refresh_from_db()
    assert report.summary["mismatched_invoices"] == 1
    assert list(report.pairs.values_list("our_number", flat=True)) == ["A10"]
    assert told.params["count"] == "1"


@pytest.mark.django_db
def test_a_row_of_a_return_is_called_a_mismatch_by_its_month() -> None:
    tell_in_both_months(Told(lines=(Line(vat=Decimal("25.20")),)))
    rows = {(one.part_id, one.position): one for one in Invoice.objects.all()}
    with changed("mismatches", "differs", SINCE, counted="no"):
        found = mismatches_of(list(rows.values()))
    assert {rows[place].number for place in found} == {"A10"}
    assert set(found.values()) == {SeenState.DIFFERS}


@pytest.mark.parametrize("language", ["lt", "en"])
def test_words_are_those_of_the_day(language: str) -> None:
    changes = {f"{name}{language}": "Naujas vardas" for name in ("", "means_")}
    with changed("mismatches", "differs", SINCE, **changes), override(language):
        names = [words.state_word(SeenState.DIFFERS, day) for day in (OCTOBER.end, SINCE)]
        means = [words.state_meaning(SeenState.DIFFERS, day) for day in (OCTOBER.end, SINCE)]
    assert names[1] == means[1] == "Naujas vardas"
    assert "Naujas vardas" not in {names[0], means[0]}


def test_a_habit_of_rounding_is_that_of_the_month() -> None:
    with changed("limits", "crosscheck-rounding", SINCE, value="0.10"):
        assert [crosscheck_terms.roundings().on(day) for day in (OCTOBER.end, SINCE)] == [
            Decimal("0.05"),
            Decimal("0.10"),
        ]


@pytest.mark.parametrize("day", [date.min, date(2016, 10, 1), date(2026, 11, 30), date.max])
def test_the_tables_say_everything_on_every_day(day: date) -> None:
    for language in ("lt", "en"):
        with override(language):
            for state in SeenState:
                assert words.state_word(state, day)
                assert words.state_meaning(state, day)
            for field in Field:
                assert words.field_word(field, day)
            for state in SEEN.values():
                assert words.state_word(state, day, of_einvoice=True)
                assert words.state_meaning(state, day, of_einvoice=True)
    assert crosscheck_terms.reaches().on(day) > 0
    assert crosscheck_terms.distances().on(day) > 0
    assert crosscheck_terms.tolerances().on(day) >= 0


def test_what_no_row_says_is_not_guessed() -> None:
    with pytest.raises(LookupError):
        crosscheck_terms.kind_on("no-such-kind", SINCE)
    with pytest.raises(LookupError):
        Dated([(SINCE, 1)]).on(OCTOBER.end)


_STEPS = st.dictionaries(st.dates(), st.integers(0, 9), min_size=1, max_size=5)


@given(_STEPS)
def test_a_value_holds_until_the_next(steps: Mapping[date, int]) -> None:
    dated = Dated(sorted(steps.items()))
    for (since, value), (until, _) in zip(dated.steps, dated.steps[1:], strict=False):
        assert dated.on(since) == dated.on(until - timedelta(days=1)) == value
    last, value = dated.steps[-1]
    assert dated.on(last) == dated.on(date.max) == value
