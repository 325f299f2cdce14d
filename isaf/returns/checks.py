"""The checks built into the form FR0600, in our own words (schemas/README.md tells the source).

Of the published definition of 2016 only the checks of numbers stand here; those of names, codes and
days hold by themselves, for the house fills these in. A rate of 12 per cent is counted in since the
form has box 29A.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from imas.kernel.problems import Severity

_RATES = {"29": Decimal(21), "29A": Decimal(12), "30": Decimal(9), "31": Decimal(5)}
_LEAST = {"29": 2, "29A": 2, "30": 3, "31": 4}
_HUNDRED = Decimal(100)
_NEARLY_WHOLE = range(96, 100)
_FOR_SALES = 21
"""The standard rate in per cent; entered in box 28 by mistake for it."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check that found something: its official number, how grave it is, and the boxes."""

    number: str
    severity: Severity
    boxes: tuple[str, ...]


Boxes = Mapping[str, int]
_Rule = Callable[[Boxes], bool]


def checks_of(boxes: Boxes) -> list[Check]:
    """Return what the checks of the form find in its boxes, the gravest first."""
    found = [check for check, finds in _CHECKS if finds(boxes)]
    return sorted(found, key=lambda check: check.severity != Severity.ERROR)


def _acquired_without_vat(of: Boxes) -> bool:
    return of["21"] != 0 and of["34"] == 0


def _rate_of_acquired_is_odd(of: Boxes) -> bool:
    if of["21"] == 0 or of["34"] == 0:
        return False
    return not Decimal("0.045") <= Decimal(of["34"]) / of["21"] <= Decimal("0.215")


def _vat_without_acquired(of: Boxes) -> bool:
    return of["34"] != 0 and of["21"] == 0


def _services_beyond_their_vat(of: Boxes) -> bool:
    return of["23"] != 0 and of["23"] - Decimal(of["32"]) / Decimal("0.21") > 50


def _part_beyond_the_whole(of: Boxes) -> bool:
    return of["24"] > of["23"]


def _percent_is_impossible(of: Boxes) -> bool:
    return not 0 <= of["28"] <= 100 or of["28"] in _NEARLY_WHOLE


def _import_vat_twice(of: Boxes) -> bool:
    return of["26"] != 0 and of["27"] != 0


def _sales_do_not_bear_their_vat(of: Boxes) -> bool:
    if not any(of.get(box, 0) >= least for box, least in _LEAST.items()):
        return False
    taxed = sum((of.get(box, 0) * _HUNDRED / rate for box, rate in _RATES.items()), Decimal(0))
    without_margin = of["11"] + of["14"] + of["15"]
    bases = (without_margin + of["16"], without_margin)
    return not any(base and _near(taxed / base, "0.8", "1.2") for base in bases)


def _share(of: Boxes) -> Decimal:
    """Return the share deducted; where box 28 holds nought or the rate of VAT, all of it."""
    return Decimal(1) if of["28"] in {0, _FOR_SALES} else of["28"] / _HUNDRED


def _deducted_is_far_off(of: Boxes) -> bool:
    if of["25"] == 0 or of["35"] <= 0:
        return False
    due = (of["25"] + of["26"] + of["27"]) * _share(of)
    return not _near(due / of["35"], "0.8", "1.2") and abs(due - of["35"]) > 100


def _self_charged_is_not_inside(of: Boxes) -> bool:
    charged = of["32"] + of["34"]
    if charged == 0:
        return False
    if of["35"] == 0:
        return charged > of["25"]
    return _near((of["25"] + charged) * _share(of) / of["35"], "0.99", "1.0003")


def _import_vat_is_inside(of: Boxes) -> bool:
    if of["35"] == 0 or (of["26"] == 0 and of["27"] == 0):
        return False
    return _near(of["25"] * _share(of) / of["35"], "0.99", "1.0003")


def _percent_is_the_rate(of: Boxes) -> bool:
    if of["28"] != _FOR_SALES:
        return False
    due = Decimal(of["25"] + of["26"] + of["27"])
    return of["35"] == 0 or _near(due / of["35"], "0.99", "1.01")


def _resold_less_than_bought(of: Boxes) -> bool:
    return of["22"] != 0 and of["20"] <= of["22"]


def _both_sides_of_one_deal(of: Boxes) -> bool:
    return of["33"] != 0 and _near(of["12"] * Decimal("0.21") / of["33"], "0.995", "1.006")


def _is_long(*boxes: str, digits: int) -> _Rule:
    return lambda of: any(len(str(abs(of[box]))) > digits for box in boxes)


def _near(value: Decimal, least: str, greatest: str) -> bool:
    return Decimal(least) <= value <= Decimal(greatest)


def _checks() -> Iterator[tuple[Check, _Rule]]:
    error, warning = Severity.ERROR, Severity.WARNING
    yield Check("C11", error, ("21", "34")), _acquired_without_vat
    yield Check("C12", warning, ("21", "34")), _rate_of_acquired_is_odd
    yield Check("C13", error, ("21", "34")), _vat_without_acquired
    yield Check("C14", warning, ("23", "32")), _services_beyond_their_vat
    yield Check("C15", warning, ("23", "24")), _part_beyond_the_whole
    yield Check("C16", error, ("28",)), _percent_is_impossible
    yield Check("C17", warning, ("26",)), lambda of: of["26"] != 0
    yield Check("C18", warning, ("26", "27")), _import_vat_twice
    sales = ("11", "14", "15", "16", "29", "29A", "30", "31")
    yield Check("C20", warning, sales), _sales_do_not_bear_their_vat
    yield Check("C21", warning, ("25", "26", "27", "28", "35")), _deducted_is_far_off
    yield Check("C22", warning, ("25", "32", "34", "35")), _self_charged_is_not_inside
    yield Check("C23", warning, ("25", "26", "27", "35")), _import_vat_is_inside
    yield Check("C24", warning, ("28", "35")), _percent_is_the_rate
    yield Check("C25", warning, ("20", "22")), _resold_less_than_bought
    yield Check("C26", warning, ("12", "33")), _both_sides_of_one_deal
    yield Check("C27", warning, ("12", "13", "19")), _is_long("12", "13", "19", digits=8)
    yield Check("C28", warning, ("17", "18", "20")), _is_long("17", "18", "20", digits=9)


_CHECKS = tuple(_checks())
