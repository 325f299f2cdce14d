"""Trades of the demo economy: what they sell, at which VAT code on a day, and their seasons."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

REFORM = date(2026, 1, 1)
"""From this day the 9 % rate is gone: 12 % for lodging, 5 % for books, 21 % for heat."""

TaxOn = Callable[[date], tuple[str, Decimal | None]]


def _always(code: str, rate: str | None) -> TaxOn:
    percent = None if rate is None else Decimal(rate)
    return lambda _day: (code, percent)


def _reformed(before: tuple[str, str], after: tuple[str, str]) -> TaxOn:
    def tax_on(day: date) -> tuple[str, Decimal]:
        code, rate = after if day >= REFORM else before
        return code, Decimal(rate)

    return tax_on


@dataclass(frozen=True, slots=True)
class Sector:
    """A trade: usual net amounts in euro, invoices a month, monthly weights in per cent."""

    tax_on: TaxOn
    amount: tuple[int, int]
    invoices: int
    seasons: tuple[int, ...] = (100,) * 12


_SUMMER = (60, 60, 75, 90, 120, 145, 160, 155, 115, 90, 70, 80)
_WINTER = (190, 180, 150, 90, 40, 25, 20, 25, 45, 110, 155, 180)
_HARVEST = (40, 40, 60, 70, 80, 90, 150, 220, 210, 130, 70, 50)
_HOLIDAYS = (80, 80, 90, 95, 95, 95, 90, 95, 105, 105, 125, 155)

SECTORS = {
    "wholesale": Sector(_always("PVM1", "21"), (120, 4200), 46, _HOLIDAYS),
    "retail": Sector(_always("PVM1", "21"), (30, 700), 22, _HOLIDAYS),
    "heat": Sector(_reformed(("PVM2", "9"), ("PVM1", "21")), (180, 5200), 30, _WINTER),
    "lodging": Sector(_reformed(("PVM2", "9"), ("PVM58", "12")), (90, 1600), 24, _SUMMER),
    "books": Sector(_reformed(("PVM2", "9"), ("PVM3", "5")), (40, 900), 18, _HOLIDAYS),
    "medicine": Sector(_always("PVM3", "5"), (60, 2400), 26),
    "construction": Sector(_always("PVM25", None), (900, 38000), 12, _SUMMER),
    "transport": Sector(_always("PVM1", "21"), (150, 2900), 34),
    "software": Sector(_always("PVM1", "21"), (300, 9000), 16),
    "telecom": Sector(_always("PVM1", "21"), (25, 480), 40),
    "insurance": Sector(_always("PVM5", None), (80, 1900), 14),
    "farm": Sector(_always("PVM1", "21"), (200, 6400), 15, _HARVEST),
    "advice": Sector(_always("PVM1", "21"), (150, 1500), 18),
    "cleaning": Sector(_always("PVM1", "21"), (120, 1100), 20),
}
