"""Whom a taxpayer's mismatches are with, how they develop, and what they may cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from imas.kernel.money import ZERO
from imas.kernel.periods import Period
from isaf.limits import reach_of
from isaf.selectors.pairs import PairQuery, asked, selected
from isaf.sql import differences as sql
from representation.types import Acting

MOST_PARTIES = 50
MONTHS = 12
_MOST_OF_IT = Decimal("0.8")


class Party(NamedTuple):
    """A counterparty with its mismatched invoices; differences are sums of absolute gaps.

    `einvoices` are those that differ from an e-invoice. `share` is its part of all the differences
    and `running` that of it and all before it, 0 to 1.
    """

    code: str
    name: str
    invoices: int
    einvoices: int
    total: Decimal
    vat: Decimal
    share: Decimal
    running: Decimal


@dataclass(frozen=True, slots=True)
class Parties:
    """The counterparties with the largest differences, and of how many they are."""

    rows: Sequence[Party]
    all: int

    @property
    def few(self) -> int:
        """How few of them make four fifths of the differences; 0 where that says nothing."""
        for place, row in enumerate(self.rows, 1):
            if row.running >= _MOST_OF_IT:
                return place if place * 2 <= self.all else 0
        return 0


class Month(NamedTuple):
    """A month of the cross-check: invoices, differences and VAT, in euros.

    `undeclared` is VAT we deduct that the sellers do not declare, `undeducted` VAT they declare to
    us that we do not deduct. Invoices found in another period are in neither. `einvoices` are
    those that differ from an e-invoice.
    """

    month: date
    checked: int
    mismatched: int
    einvoices: int
    total: Decimal
    vat: Decimal
    undeclared: Decimal
    undeducted: Decimal


def parties_of(acting: Acting, period: Period) -> Parties:
    """Return the counterparties of a period's mismatches, the largest difference first."""
    acting.require("isaf.crosscheck")
    query = PairQuery(mismatched=True)
    question = asked(acting.taxpayer_id, period, query, reach_of(acting, "isaf.crosscheck"))
    rows = list(selected(sql.BY_PARTY, question, limit=f"{MOST_PARTIES}"))
    whole = rows[0][6] if rows else ZERO
    shown = [Party._make((*row[:6], _part(row[4], whole), _part(row[7], whole))) for row in rows]
    return Parties(shown, rows[0][8] if rows else 0)


def months_until(acting: Acting, period: Period) -> list[Month]:
    """Return the twelve months that end with a period, those with anything, the earliest first."""
    first = period.end.replace(day=1)
    for _ in range(MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return months_of(acting, Period(min(first, period.start.replace(day=1)), period.end))


def months_of(acting: Acting, span: Period) -> list[Month]:
    """Return the months of a run of days, those with anything, the earliest first."""
    acting.require("isaf.crosscheck")
    reach = reach_of(acting, "isaf.crosscheck")
    question = asked(acting.taxpayer_id, span, PairQuery(), reach)
    return [Month(*row) for row in selected(sql.BY_MONTH, question)]


def _part(some: Decimal, whole: Decimal) -> Decimal:
    return some / whole if whole else ZERO
