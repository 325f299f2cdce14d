"""The cross-check as pure values: its laws and its decisions."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imas.kernel.dated import Dated
from imas.kernel.periods import Period
from isaf.likeness import Likeness, likeness
from isaf.matching import (
    Entry,
    Field,
    Hint,
    Obstacle,
    Pair,
    PairState,
    SeenState,
    Terms,
    codes_agree,
    cross_check,
    differences,
    hint,
    seen_by,
)
from isaf.types import InvoiceType

OCTOBER = Period.month(2026, 10)
EVERYBODY = Terms(submitted=lambda taxpayer, side, month: True)
NOBODY = Terms(submitted=lambda taxpayer, side, month: False)

periods = st.sampled_from(
    [*(Period.month(2026, month) for month in (8, 9, 10)), Period.half_year(2026, 2)]
)
entries = st.builds(
    Entry,
    seller=st.sampled_from(["A", "B"]),
    buyer=st.sampled_from(["C", "D"]),
    number=st.sampled_from(["X1", "X01", "X10", "XI", "Y7"]),
    issued=st.dates(date(2026, 8, 1), date(2026, 10, 31)),
    type=st.sampled_from(list(InvoiceType)),
    taxable=st.sampled_from([Decimal("100.00"), Decimal("-100.00"), Decimal("50.00")]),
    vat=st.sampled_from([Decimal("21.00"), Decimal("0.00")]),
    codes=st.sampled_from([frozenset({"PVM1"}), frozenset({""}), frozenset({"PVM25"})]),
    period=periods,
    obstacle=st.sampled_from([None, None, None, Obstacle.FOREIGN]),
)
told = st.lists(st.tuples(st.sampled_from("SP"), entries), max_size=14).map(
    lambda rows: [(side, replace(entry, place=n)) for n, (side, entry) in enumerate(rows)]
)


def entry(**values: object) -> Entry:
    """The least that is true."""
    given: dict[str, object] = {
        "seller": "A",
        "buyer": "B",
        "number": "X1",
        "issued": date(2026, 10, 12),
        "type": InvoiceType.SF,
        "taxable": Decimal("100.00"),
        "vat": Decimal("21.00"),
        "codes": frozenset({"PVM1"}),
        "period": OCTOBER,
        **values,
    }
    return Entry(**given)  # type: ignore[arg-type]  # a builder


def states(pairs: Sequence[Pair]) -> list[PairState]:
    return [pair.state for pair in pairs]


def facts(pairs: Sequence[Pair]) -> list[tuple[str, ...]]:
    """What a list of pairs says, whatever its order and the places of the entries."""

    def said(one: Entry | None) -> str:
        return repr(replace(one, place=0)) if one else ""

    return sorted(
        (said(pair.sale), said(pair.purchase), pair.state, pair.reason, repr(pair.fields))
        for pair in pairs
    )


@given(st.lists(entries, max_size=10))
def test_a_register_agrees_with_itself(rows: list[Entry]) -> None:
    both = [(side, row) for row in rows for side in "SP" if not row.obstacle]
    assert set(states(cross_check(both, EVERYBODY))) <= {PairState.MATCHED}


@given(told)
def test_every_entry_stands_in_exactly_one_pair(rows: list[tuple[str, Entry]]) -> None:
    pairs = cross_check(rows, EVERYBODY)
    standing = [one for pair in pairs for one in (("S", pair.sale), ("P", pair.purchase)) if one[1]]
    assert sorted(map(repr, standing)) == sorted(map(repr, rows))


@given(told, st.randoms(use_true_random=False))
def test_the_order_of_invoices_changes_nothing(
    rows: list[tuple[str, Entry]], shuffler: random.Random
) -> None:
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    moved = [(side, replace(one, place=n)) for n, (side, one) in enumerate(shuffled)]
    assert facts(cross_check(moved, EVERYBODY)) == facts(cross_check(rows, EVERYBODY))


@given(told)
def test_who_sells_and_who_buys_are_mirrors(rows: list[tuple[str, Entry]]) -> None:
    mirrored = [
        ("P" if side == "S" else "S", replace(one, seller=one.buyer, buyer=one.seller))
        for side, one in rows
    ]
    ours, theirs = cross_check(rows, EVERYBODY), cross_check(mirrored, EVERYBODY)
    assert sorted(states(ours)) == sorted(states(theirs))


@given(entries, entries)
def test_differences_do_not_depend_on_the_side(ours: Entry, theirs: Entry) -> None:
    assert differences(ours, theirs) == differences(theirs, ours)


def test_both_sides_see_one_missing_invoice_from_their_own_side() -> None:
    assert seen_by(PairState.MISSING, told=True) is SeenState.MISSING_AT_COUNTERPARTY
    assert seen_by(PairState.MISSING, told=False) is SeenState.MISSING_AT_US
    assert seen_by(PairState.MATCHED, told=True) is SeenState.MATCHED


def test_nobody_is_missing_before_he_has_submitted() -> None:
    assert states(cross_check([("S", entry())], NOBODY)) == [PairState.WAITING]
    assert states(cross_check([("S", entry())], EVERYBODY)) == [PairState.MISSING]


def test_a_cancelled_document_does_not_take_the_place_of_its_successor() -> None:
    rows = [
        ("S", entry(type=InvoiceType.AN, issued=date(2026, 10, 1), place=1)),
        ("S", entry(place=2)),
        ("P", entry(place=3)),
    ]
    assert sorted(states(cross_check(rows, EVERYBODY))) == ["matched", "not_checkable"]


def test_the_same_number_of_another_year_is_another_invoice() -> None:
    rows = [("S", entry()), ("P", entry(period=Period.month(2025, 10)))]
    assert states(cross_check(rows, EVERYBODY)) == [PairState.MISSING, PairState.MISSING]


@pytest.mark.parametrize(("furthest", "found"), [(366, 0), (500, 1)])
def test_a_number_left_over_month_by_month_leads_no_further_than_a_year(
    furthest: int, found: int
) -> None:
    months = [Period.month(2025 + n // 12, n % 12 + 1) for n in range(15)]
    rows = [("S", entry(period=month, place=n)) for n, month in enumerate(months[:14])]
    rows.append(("P", entry(period=months[14], place=99)))
    pairs = cross_check(rows, replace(EVERYBODY, furthest=Dated.always(furthest)))
    assert states(pairs).count(PairState.OTHER_PERIOD) == found


def test_a_tolerance_forgives_cents() -> None:
    rows = [("S", entry()), ("P", entry(vat=Decimal("21.02")))]
    terms = replace(EVERYBODY, tolerance=Dated.always(Decimal("0.02")))
    assert states(cross_check(rows, terms)) == [PairState.MATCHED]
    assert states(cross_check(rows, EVERYBODY)) == [PairState.DIFFERS]


@pytest.mark.parametrize(
    ("ours", "theirs", "agree"),
    [
        ({"PVM1"}, {""}, True),
        ({"PVM1"}, {"PVM1"}, True),
        ({"PVM1"}, {"PVM2"}, False),
        ({"PVM1", "PVM25"}, {"", "PVM25"}, True),
        ({"PVM25"}, {""}, False),
        ({"PVM1", "PVM3"}, {"PVM1"}, False),
        ({""}, {""}, True),
    ],
)
def test_codes_are_compared_where_both_state_them(
    ours: set[str],
    theirs: set[str],
    agree: bool,
) -> None:
    assert codes_agree(frozenset(ours), frozenset(theirs)) is agree
    assert codes_agree(frozenset(theirs), frozenset(ours)) is agree


@pytest.mark.parametrize(
    ("sale", "purchase", "expected"),
    [
        ({}, {"issued": date(2026, 10, 15)}, Hint.RECEIPT_DATE),
        ({}, {"issued": date(2026, 10, 2)}, None),
        ({}, {"taxable": Decimal("-100.00"), "vat": Decimal("-21.00")}, Hint.OPPOSITE_SIGN),
        ({}, {"vat": Decimal("21.01")}, Hint.ROUNDING),
        ({}, {"vat": Decimal("42.00")}, None),
        ({"codes": frozenset({"PVM25"})}, {}, Hint.REVERSE_CHARGE),
        ({"type": InvoiceType.AN}, {}, Hint.CANCELLED),
    ],
)
def test_usual_habits_are_named(
    sale: dict[str, object], purchase: dict[str, object], expected: Hint | None
) -> None:
    ours, theirs = entry(**sale), entry(**purchase)
    assert hint(ours, theirs, differences(ours, theirs), Decimal("0.05")) == expected


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("GK2026107", "GK2026107", None),
        ("GK2026107", "GK20261O7", Likeness.LOOK_ALIKE),
        ("GK2026107", "GK2026108", Likeness.SAME_SERIES),
        ("GK2026107", "GX2026107", Likeness.ONE_CHARACTER),
        ("GK2026107", "GK202617", Likeness.DROPPED_CHARACTER),
        ("GK2026107", "GK2026170", Likeness.SWAPPED_CHARACTERS),
        ("AAABC0000023", "AAABC23", Likeness.LEADING_ZEROS),
        ("SST0098841", "0098841", Likeness.NO_SERIES),
        ("GK2026107", "GK2029917", None),
        ("AB12", "12", None),
    ],
)
def test_alike_numbers_are_told_from_different_ones(
    ours: str, theirs: str, expected: Likeness | None
) -> None:
    assert likeness(ours, theirs) == expected
    assert likeness(theirs, ours) == expected


def test_a_possible_match_takes_the_better_of_two() -> None:
    rows = [
        ("S", entry(number="A10", place=0)),
        ("P", entry(number="A11", place=1)),
        ("P", entry(number="A1O", place=2)),
    ]
    found = cross_check(rows, EVERYBODY)
    possible = next(pair for pair in found if pair.state is PairState.POSSIBLE_MATCH)
    assert possible.purchase is not None
    assert (possible.purchase.number, possible.reason) == ("A1O", Likeness.LOOK_ALIKE)
    assert sorted(states(found)) == ["missing", "possible_match"]


def offered(sales: Sequence[str], purchases: Sequence[str]) -> set[tuple[str, str]]:
    """Possible matches of lone entries with these numbers, equal in everything else."""
    rows = [("S", entry(number=number, place=n)) for n, number in enumerate(sales)]
    rows += [("P", entry(number=number, place=100 + n)) for n, number in enumerate(purchases)]
    found = cross_check(rows, EVERYBODY)
    return {
        (pair.sale.number, pair.purchase.number)
        for pair in found
        if pair.state is PairState.POSSIBLE_MATCH and pair.sale and pair.purchase
    }


@pytest.mark.parametrize(
    ("sales", "purchases"),
    [
        (["A101", "A103"], ["A102"]),
        (["A101"], ["A102", "A105"]),
        (["A101", "A150"], ["A102"]),
        (["A101", "A103", "A105"], ["A102", "A104", "A106"]),
        (["AB101"], ["AC101", "AD101"]),
    ],
)
def test_neighbours_are_no_possible_match(sales: list[str], purchases: list[str]) -> None:
    assert offered(sales, purchases) == set()
    assert offered(purchases, sales) == set()


def test_one_slip_on_each_side_is_offered_even_in_the_running_number() -> None:
    assert offered(["A101"], ["A107"]) == {("A101", "A107")}
    assert offered(["A101", "B5"], ["A107", "B55"]) == {("A101", "A107"), ("B5", "B55")}


def test_a_sure_match_clears_the_view_of_the_next() -> None:
    assert offered(["XA10", "YA10"], ["XA1O", "YA1O"]) == {("XA10", "XA1O"), ("YA10", "YA1O")}
    assert offered(["A10", "AB"], ["A1O", "AIO"]) == {("A10", "A1O")}


series = st.integers(1000, 9000).map(lambda start: [f"GK{start + n}" for n in range(12)])
slips = st.sampled_from(["letter", "swap", "drop", "repeat", "series", "look-alike"])


_LOOKS = {**dict.fromkeys("3479", "X"), "0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}


def slipped(number: str, slip: str, place: int) -> str:
    """The number as a hurried hand writes it."""
    at = 2 + place % (len(number) - 3)
    return {
        "letter": "X" + number[1:],
        "swap": number[:at] + number[at + 1] + number[at] + number[at + 2 :],
        "drop": number[:at] + number[at + 1 :],
        "repeat": number[:at] + number[at] + number[at:],
        "series": number.removeprefix("GK"),
        "look-alike": number[:at] + _LOOKS[number[at]] + number[at + 1 :],
    }[slip]


@given(series, slips, st.integers(0, 11), st.integers(0, 9))
def test_a_slip_in_an_otherwise_agreed_series_is_found(
    numbers: list[str], slip: str, which: int, place: int
) -> None:
    theirs = list(numbers)
    theirs[which] = slipped(numbers[which], slip, place)
    (ours,) = (Counter(numbers) - Counter(theirs)) or [""]
    (wrong,) = (Counter(theirs) - Counter(numbers)) or [""]
    assert offered(numbers, theirs) == ({(ours, wrong)} if ours else set())


@given(series, st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_of_a_series_that_goes_on_no_two_are_offered(
    numbers: list[str], ours: set[int], theirs: set[int]
) -> None:
    found = offered([numbers[n] for n in ours], [numbers[n] for n in theirs])
    lone = len(ours - theirs), len(theirs - ours)
    close = {likeness(*pair) for pair in found} - {None}
    if max(lone) > 1:
        assert Likeness.SAME_SERIES not in close


@given(told)
def test_a_possible_match_has_no_rival_as_good(rows: list[tuple[str, Entry]]) -> None:
    found = cross_check(rows, EVERYBODY)
    lone = [pair for pair in found if pair.state is PairState.MISSING]
    for pair in found:
        if pair.state is PairState.POSSIBLE_MATCH and pair.sale and pair.purchase:
            rivals = [one.purchase for one in lone if one.purchase and _same(one.purchase, pair)]
            reasons = [likeness(pair.sale.number, rival.number) for rival in rivals]
            assert pair.reason not in reasons


def _same(one: Entry, pair: Pair) -> bool:
    facts = [
        (each.seller, each.buyer, each.month, each.issued, each.total)
        for each in (one, pair.purchase)
        if each
    ]
    return facts[0] == facts[-1]


def test_the_types_of_both_sides_are_compared() -> None:
    assert differences(entry(), entry(type=InvoiceType.KS)) == Field.TYPE
