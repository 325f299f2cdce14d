"""Laws of preliminary returns: on random registers, and of the pure parts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from imas.kernel.classifiers import rows
from isaf.models import Contribution, Register, ReturnTotal, ReturnVersion
from isaf.partitions import ROW_TABLES
from isaf.returns.boxes import Sums, fill, in_euros
from isaf.returns.checks import checks_of
from isaf.returns.forms import FormName, boxes_on, form_on
from isaf.returns.rules import contradictions, rules_on
from isaf.returns.standing import Counted, Deduction
from isaf.selectors.returns import breakdown_of
from isaf.services import return_decisions
from isaf.services.return_decisions import Choice
from representation.types import Acting
from tests import make
from tests.isaf.drafting import computed, drafted, filled
from tests.isaf.registers_told import Line, Told

_DAY = date(2026, 10, 1)
_RULES = sorted(name for name, rule in rules_on(_DAY).items() if rule.boxes)
_CENTS = some.decimals(min_value=-99_999, max_value=99_999, places=2)
_CODES = {
    side: [row["code"] for row in rows("isaf/vat_codes.csv") if row[column] == "yes"]
    for side, column in (("S", "sales"), ("P", "purchases"))
}


def _lines(side: str) -> some.SearchStrategy[list[Line]]:
    line = some.builds(Line, _CENTS, _CENTS, some.sampled_from([*_CODES[side], ""]))
    return some.lists(line, min_size=1, max_size=3)


def _invoices(side: str) -> some.SearchStrategy[list[Told]]:
    codes = some.sampled_from(["LT100001", "PL5260001246", "LV40003009497", ""])
    kinds = some.sampled_from(["SF", "KS", "DS", "AN"])
    one = some.builds(Told, number=some.none(), vat_code=codes, type=kinds, lines=_lines(side))

    def numbered(found: list[Told]) -> list[Told]:
        return [
            Told(f"{side}{place}", told.vat_code, "", "", _DAY, told.type, told.lines)
            for place, told in enumerate(found)
        ]

    return some.lists(one, max_size=5).map(numbered)


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sales=_invoices("S"), purchases=_invoices("P"), percent=some.integers(0, 95))
def test_contributions_make_the_boxes(
    sales: Sequence[Told], purchases: Sequence[Told], percent: int
) -> None:
    _empty()
    acting = make.make_acting("isaf.returns")
    version = drafted(acting, sales, purchases)
    found = breakdown_of(version)
    exact = {number: one.exact for number, one in found.filled(_DAY, percent).items()}
    by_hand = _by_hand(version, percent)
    assert {box: exact[box] for box in by_hand} == by_hand
    told = sum(len(invoice.lines) for invoice in (*sales, *purchases))
    assert sum(total.rows for total in ReturnTotal.objects.filter(version=version)) == told
    _order_changes_nothing(acting, sales, purchases)
    _deciding_twice_changes_nothing(acting)


def _by_hand(version: ReturnVersion, percent: int) -> dict[str, Decimal]:
    """The boxes summed row by row, from the contributions alone."""
    boxes = {number: Decimal(0) for number, box in boxes_on(_DAY).items() if not box.formula}
    boxes["28"] = Decimal(percent)
    rules = rules_on(_DAY)
    for row in Contribution.objects.filter(version_id=version.pk, standing=Counted.COUNTED):
        rule = rules[row.rule]
        for box in rule.taxable_boxes:
            boxes[box] += row.taxable
        for box in rule.vat_boxes:
            boxes[box] += row.vat
        boxes["35"] += row.direct + row.shared * percent / 100
    boxes["35"] = boxes["35"].quantize(Decimal("0.01"), "ROUND_HALF_UP")
    return boxes


def _order_changes_nothing(
    acting: Acting, sales: Sequence[Told], purchases: Sequence[Told]
) -> None:
    other = make.make_acting("isaf.returns")
    here = filled(drafted(other, sales[::-1], purchases[::-1]))
    assert here == filled(computed(acting))


def _deciding_twice_changes_nothing(acting: Acting) -> None:
    version = computed(acting)
    totals = _totals(version)
    parts = Register.objects.filter(number__in=version.registers).values_list("parts", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT period_start, part_id, position FROM isaf_invoice WHERE part_id = ANY (%s)",
            [list(parts)],
        )
        places = [(start, part, position) for start, part, position in cursor.fetchall()]
    for choice in (
        Choice(Counted.EXCLUDED, reason="?"),
        Choice(deduction=Deduction.SHARE, share=37),
        Choice(),
    ):
        return_decisions.decide(acting, version.of_id, places, choice)
    assert _totals(version) == totals


def _totals(version: ReturnVersion) -> list[tuple[object, ...]]:
    found = ReturnTotal.objects.filter(version=version).order_by("standing", "rule")
    return list(found.values_list("standing", "rule", "rows", "taxable", "vat", "direct", "shared"))


def _empty() -> None:
    with connection.cursor() as cursor:
        for table in ("isaf_contribution", *ROW_TABLES):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours


@given(
    some.dictionaries(
        some.sampled_from(_RULES),
        some.builds(Sums, some.just(1), _CENTS, _CENTS, _CENTS, _CENTS),
        max_size=12,
    ),
    some.integers(0, 95) | some.just(100),
)
def test_the_result_follows_from_rounded_boxes(sums: dict[str, Sums], percent: int) -> None:
    boxes = {number: one.shown for number, one in fill(sums, _DAY, percent).items()}
    owed = sum(boxes[box] for box in ("27", "29", "29A", "30", "31", "32", "33", "34"))
    assert boxes["36"] == owed - boxes["35"]
    checks_of(boxes)


@given(some.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_half_a_euro_is_rounded_away_from_nought(amount: Decimal) -> None:
    assert in_euros(-amount) == -in_euros(amount)
    assert abs(Decimal(in_euros(amount)) - amount) <= Decimal("0.5")


def test_the_tables_hold_together() -> None:
    assert not list(contradictions())


def test_forms_by_the_day() -> None:
    old, new = (form_on(FormName.RETURN, date(year, 1, 1)) for year in (2025, 2026))
    assert (old.version, old.is_confirmed) == ("2", True)
    assert (new.version, new.is_confirmed) == ("2026", False)
    assert "29A" not in boxes_on(date(2025, 12, 31))
    with pytest.raises(LookupError):
        form_on(FormName.RETURN, date(2009, 12, 31))


BASE = dict.fromkeys(boxes_on(_DAY), 0) | {"28": 100}
FINDS = [
    ("C11", {"21": 1000}),
    ("C12", {"21": 1000, "34": 300, "25": 300, "35": 300}),
    ("C13", {"34": 210, "25": 210, "35": 210}),
    ("C14", {"23": 1000, "32": 100}),
    ("C15", {"23": 10, "24": 11, "32": 2}),
    ("C16", {"28": 97}),
    ("C17", {"26": 5}),
    ("C18", {"26": 5, "27": 5}),
    ("C20", {"11": 1000, "29": 100}),
    ("C20", {"29A": 12}),
    ("C21", {"25": 1000, "35": 500}),
    ("C22", {"25": 790, "32": 210, "23": 1000, "35": 1000}),
    ("C22", {"25": 100, "32": 210, "23": 1000}),
    ("C23", {"25": 1000, "26": 100, "35": 1000}),
    ("C24", {"28": 21, "25": 100, "35": 100}),
    ("C25", {"22": 100, "20": 100}),
    ("C26", {"12": 1000, "33": 210}),
    ("C27", {"12": 123_456_789}),
    ("C28", {"20": -1_234_567_890}),
]


@pytest.mark.parametrize(("number", "boxes"), FINDS)
def test_each_check_finds_what_it_is_for(number: str, boxes: dict[str, int]) -> None:
    assert number in {check.number for check in checks_of({**BASE, **boxes})}
    assert number not in {check.number for check in checks_of(_SOUND)}


_SOUND = {
    **BASE,
    "11": 1000,
    "29": 210,
    "21": 1000,
    "34": 210,
    "23": 500,
    "24": 100,
    "32": 105,
    "25": 415,
    "35": 415,
    "22": 100,
    "20": 150,
    "12": 0,
    "33": 0,
    "36": 110,
}


def test_a_sound_return_passes_every_check() -> None:
    assert not checks_of(_SOUND)
