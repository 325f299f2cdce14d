"""A cross-check in numbers: what was compared, with whom, and what is wrong."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from imas.kernel.money import ZERO
from isaf.matching import Field, SeenState

REGISTERS = ""
"""The source of what is compared with the register of the counterparty; others are systems."""

REGISTERS_TOLD = "ISAF"
"""The same as reports and programs are told."""

_UNCHECKED = (SeenState.WAITING, SeenState.NOT_CHECKABLE)


class Counted(NamedTuple):
    """So many comparisons of one source and side that came out alike, and their gaps in euros.

    `checked_already` and `mismatched_already` are of invoices that another source has counted.
    """

    source: str
    side: str
    state: str
    field_bits: int
    is_mismatch: bool
    number: int
    checked_already: int
    mismatched_already: int
    total: Decimal
    taxable: Decimal
    vat: Decimal


@dataclass
class OfSource:
    """What comparing with one source came to; `kinds` counts what is wrong by name."""

    checked: int = 0
    mismatched: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """Return it as reports keep it."""
        return {
            "checked_invoices": self.checked,
            "mismatched_invoices": self.mismatched,
            "mismatches": self.kinds.total(),
            "by_kind": dict(self.kinds),
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """A cross-check in numbers; differences are sums of absolute gaps in euros.

    `mismatched` counts invoices, `mismatches` what is wrong with them: an invoice whose date and
    VAT differ is one invoice with two mismatches. `kinds` counts the latter by name. `states`
    counts comparisons, so an invoice compared with two sources stands in it twice.
    """

    states: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    mismatched_by_side: Mapping[str, int] = field(default_factory=dict)
    total: Decimal = ZERO
    taxable: Decimal = ZERO
    vat: Decimal = ZERO
    checked: int = 0
    sources: Mapping[str, OfSource] = field(default_factory=dict)

    @property
    def pairs(self) -> int:
        """All comparisons."""
        return sum(self.states.values())

    @property
    def mismatched(self) -> int:
        """Invoices with anything wrong."""
        return sum(self.mismatched_by_side.values())

    @property
    def mismatches(self) -> int:
        """Everything that is wrong."""
        return sum(self.kinds.values())

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as reports keep them and programs get them."""
        return {
            "checked_invoices": self.checked,
            "mismatched_invoices": self.mismatched,
            "mismatches": self.mismatches,
            "by_state": {state.value: self.states.get(state, 0) for state in SeenState},
            "by_kind": dict(self.kinds),
            "by_side": {
                "sales": self.mismatched_by_side.get("S", 0),
                "purchases": self.mismatched_by_side.get("P", 0),
            },
            "by_source": {
                source or REGISTERS_TOLD: told.as_json()
                for source, told in sorted(self.sources.items())
            },
            "differences": {
                "total": str(self.total),
                "taxable": str(self.taxable),
                "vat": str(self.vat),
            },
        }


def added_up(rows: Iterable[tuple[Any, ...]]) -> Summary:
    """Make the numbers of a cross-check of rows of Counted."""
    states, kinds, sides = Counter[str](), Counter[str](), Counter[str]()
    sources: dict[str, OfSource] = {REGISTERS: OfSource()}
    total, taxable, vat, checked = ZERO, ZERO, ZERO, 0
    for row in map(Counted._make, rows):
        of_source = sources.setdefault(row.source, OfSource())
        states[row.state] += row.number
        if row.state not in _UNCHECKED:
            of_source.checked += row.number
            checked += row.number - row.checked_already
        if row.is_mismatch:
            of_source.mismatched += row.number
            sides[row.side] += row.number - row.mismatched_already
            total, taxable, vat = total + row.total, taxable + row.taxable, vat + row.vat
            for kind in kinds_of(row.state, Field(row.field_bits)):
                kinds[kind] += row.number
                of_source.kinds[kind] += row.number
    return Summary(states, kinds, sides, total, taxable, vat, checked, sources)


def kinds_of(state: str, fields: Field) -> list[str]:
    """Name everything that is wrong with a mismatched invoice."""
    different = [str(one.name).lower() for one in fields]
    return different if state == SeenState.DIFFERS else [state, *different]
