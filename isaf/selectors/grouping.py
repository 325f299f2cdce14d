"""Invoices of a register in groups: how many, and their sums, the largest groups first.

One statement reads the selection once, some 0.5 µs a row; by VAT code or rate it reads the tax rows
too. At most `MOST` groups are told, with how many there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from isaf.models import Register
from isaf.selectors.filtering import (
    NOTHING,
    PARTY_KEY,
    InvoiceQuery,
    conditions,
    rows_of,
    shown_parts,
)

MOST = 100
"""So many groups are told on a page; drawing more costs more than finding them."""

GROUPS_TAKEN = 10_000
"""So many groups are taken away as a table."""


class By(StrEnum):
    """What invoices are grouped by."""

    PARTY = "party"
    CODE = "code"
    RATE = "rate"
    TYPE = "type"
    DAY = "day"
    PART = "part"
    SOURCE = "source"


class Group(NamedTuple):
    """One group; `asked` are the filters that show its invoices. Sums in euros.

    By VAT code and rate the sums are those of the rows with that code or rate alone.
    """

    key: str
    label: str
    invoices: int
    taxable: Decimal
    vat: Decimal
    asked: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Groups:
    """The largest groups of a selection, and how many groups there are."""

    rows: Sequence[Group]
    found: int

    @property
    def left_out(self) -> int:
        """How many groups are not told."""
        return self.found - len(self.rows)


def groups_of(register: Register, query: InvoiceQuery, by: By, most: int | None = None) -> Groups:
    """Return the groups of what is asked for, the `most` largest of them, else MOST."""
    parts = shown_parts(register)
    asked, params = conditions(query, parts)
    statement = (_OF_ROWS if by in _OF_TAX_ROWS else _OF_INVOICES).format(
        key=_KEYS.get(by, _NAMED_PART), label=_LABELS.get(by, "''"), conditions=asked
    )
    names = parts.sources if by is By.SOURCE else parts.numbers
    params |= {
        "start": register.start,
        "parts": parts.wanted(query),
        "told_parts": list(names),
        "told_names": list(names.values()),
        "most": most or MOST,
    }
    found = list(rows_of(statement, params))
    rows = [
        Group(key, label, invoices, taxable, vat, _filters(by, key))
        for key, label, invoices, taxable, vat, _all in found
    ]
    return Groups(rows, found[0][-1] if found else 0)


def _filters(by: By, key: str) -> Mapping[str, str]:
    if by is By.DAY:
        return {"since": key, "until": key}
    return {_NAMES.get(by, by.value): key or NOTHING}


_NAMES = {By.PARTY: "party_key"}
_NAMED_PART = (
    "(SELECT n FROM unnest(%(told_parts)s::bigint[], %(told_names)s::text[]) AS named (p, n)"
    " WHERE p = i.part_id)"
)
"""A part by its number or source; the names go along, because only the register knows them."""
_OF_TAX_ROWS = frozenset({By.CODE, By.RATE})
_KEYS: Mapping[By, str] = {
    By.PARTY: PARTY_KEY,
    By.CODE: "t.code",
    By.RATE: "coalesce(trim_scale(t.rate)::text, '')",
    By.TYPE: "i.type",
    By.DAY: "i.issued::text",
}
_LABELS: Mapping[By, str] = {By.PARTY: "max(i.counterparty_name)"}

_OF_INVOICES = """
SELECT {key}, {label}, count(*), sum(i.taxable), sum(i.vat), count(*) OVER ()
  FROM isaf_invoice AS i
 WHERE i.period_start = %(start)s AND i.part_id = ANY(%(parts)s){conditions}
 GROUP BY 1
 ORDER BY abs(sum(i.taxable)) DESC, 1
 LIMIT %(most)s
"""
_OF_ROWS = """
SELECT {key}, {label}, count(DISTINCT (i.part_id, i.position)), sum(t.taxable),
       coalesce(sum(t.amount), 0), count(*) OVER ()
  FROM isaf_invoice AS i
  JOIN isaf_tax_row AS t ON t.period_start = i.period_start AND t.part_id = i.part_id
   AND t.position = i.position
 WHERE i.period_start = %(start)s AND i.part_id = ANY(%(parts)s){conditions}
 GROUP BY 1
 ORDER BY abs(sum(t.taxable)) DESC, 1
 LIMIT %(most)s
"""
