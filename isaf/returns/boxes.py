"""From sums by rule to the boxes of FR0600: exact to the cent, and as the form shows them.

Totals of boxes are rounded half up to whole euros, not lines; the result is computed of the rounded
boxes (the form's own script; docs/isaf/returns.md).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from imas.kernel.money import ZERO, euro
from isaf.returns.forms import Box, BoxKind, boxes_on
from isaf.returns.rules import Rule, rules_on

_EURO = Decimal(1)
_HUNDRED = Decimal(100)
WHOLE = 100
"""The percentage of who deducts everything."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What rows under one rule come to, in euros.

    `direct` is VAT deducted whatever the yearly percentage; `shared` is multiplied by it.
    """

    rows: int = 0
    taxable: Decimal = ZERO
    vat: Decimal = ZERO
    direct: Decimal = ZERO
    shared: Decimal = ZERO

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.rows + other.rows,
            self.taxable + other.taxable,
            self.vat + other.vat,
            self.direct + other.direct,
            self.shared + other.shared,
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """What a box holds: exact to the cent, and whole euros as shown; per cent in box 28."""

    box: Box
    exact: Decimal
    shown: int


def fill(sums: Mapping[str, Sums], day: date, percent: int) -> Mapping[str, Filled]:
    """Return every box of the form in force that day, in its order.

    `sums` are those of counted rows by the name of their rule, `percent` is box 28.
    """
    exact = exact_boxes(sums, day, percent)
    filled: dict[str, Filled] = {}
    for number, box in boxes_on(day).items():
        if box.kind is BoxKind.FORMULA:
            result = sum(sign * filled[term].shown for sign, term in box.terms)
            filled[number] = Filled(box, Decimal(result), result)
        else:
            filled[number] = Filled(box, exact[number], in_euros(exact[number]))
    return filled


def exact_boxes(sums: Mapping[str, Sums], day: date, percent: int) -> Mapping[str, Decimal]:
    """Return the boxes before rounding; those without anything are nought."""
    rules, exact = rules_on(day), defaultdict[str, Decimal](Decimal)
    for name, of_rule in sums.items():
        for number, amount in given(rules[name], of_rule, percent):
            exact[number] += amount
    exact["28"] = Decimal(percent)
    exact["35"] = euro(exact["35"])
    return exact


def given(rule: Rule, sums: Sums, percent: int) -> list[tuple[str, Decimal]]:
    """Return what rows under a rule give to each of its boxes."""
    amounts = [(number, sums.taxable) for number in rule.taxable_boxes]
    amounts += [(number, sums.vat) for number in rule.vat_boxes]
    if rule.is_deducted:
        amounts.append(("35", sums.direct + sums.shared * percent / _HUNDRED))
    return amounts


def in_euros(amount: Decimal) -> int:
    """Return whole euros, rounded half up (away from nought)."""
    return int(amount.quantize(_EURO, ROUND_HALF_UP))
