"""What one revision of a register says otherwise than another: row by row, by the number.

A part that both show is the same in both and is not read. The rows of the others are joined by
their number, in a register of received invoices and of settlements by the counterparty too: a
corrected number, or there a corrected counterparty, reads as one row left out and one added. Cost:
one pass over the rows of the parts that only one of them shows, for the numbers and for each page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from imas.kernel.errors import NotFoundError
from imas.kernel.money import ZERO
from imas.web.paging import Cursor, Keyset, Page, a_number, a_text
from isaf.models import Register
from isaf.selectors.filtering import PARTY_KEY, rows_of
from isaf.selectors.registers import find_register, with_sums
from isaf.types import RegisterType
from representation.types import Acting

PAGE_SIZE = 50
_BATCH = 20_000
_KEYSET = Keyset("key", "party", "nth", size=PAGE_SIZE)


class ChangeKind(StrEnum):
    """What became of a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Said(NamedTuple):
    """A row as one revision says it; `lines` are its VAT rows or the invoices it settles.

    `named` are the invoices it names, by number and issue date.
    """

    part_id: int
    position: int
    number: str
    counterparty_vat: str
    counterparty_code: str
    country: str
    counterparty_name: str
    issued: date
    type: str
    special: bool
    vat_point: date | None
    registered: date | None
    taxable: Decimal
    vat: Decimal
    named: Sequence[str]
    lines: Sequence[str]


COMPARED = Said._fields[2:]
"""What is compared; where a row stands in its file is not."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that the revisions say differently; one side is None where it is not there."""

    key: str
    party: str
    nth: int
    before: Said | None
    after: Said | None

    @property
    def kind(self) -> ChangeKind:
        """What became of it."""
        if self.before is None:
            return ChangeKind.ADDED
        return ChangeKind.REMOVED if self.after is None else ChangeKind.CHANGED

    @property
    def fields(self) -> Sequence[str]:
        """What differs, of COMPARED; nothing for a row that only one side has."""
        before, after = self.before, self.after
        if before is None or after is None:
            return ()
        return [name for name in COMPARED if getattr(before, name) != getattr(after, name)]


@dataclass(frozen=True, slots=True)
class ChangeTotals:
    """How many rows became what, and by how much the sums moved, in euros."""

    counts: Mapping[ChangeKind, int]
    taxable: Decimal
    vat: Decimal


def revisions_of(register: Register) -> list[Register]:
    """Return the revisions of the register's period, newest first, with their sums."""
    rows = Register.objects.revisions_of(register).within(register.reach)
    summed = with_sums(rows, register.reach).select_related("submitted_by")
    return list(summed.order_by("-revision"))


def revision_before(acting: Acting, register: Register, number: str = "") -> Register | None:
    """Return the revision to compare with: the one named, else the newest before this one.

    None when there is none before; NotFoundError("register-not-found") when what is named is no
    other revision of the same register.
    """
    others = Register.objects.revisions_of(register).exclude(pk=register.pk)
    wanted = {"number": number} if number else {"revision__lt": register.revision}
    found = others.filter(**wanted).order_by("-revision").values_list("number", flat=True).first()
    if found is None and number:
        raise NotFoundError("register-not-found", number=number)
    return find_register(acting, found) if found else None


def change_totals(before: Register, after: Register) -> ChangeTotals:
    """Count what became of the rows between two revisions."""
    statement = _TOTALS.format(compared=_compared(after))
    counts, taxable, vat = dict.fromkeys(ChangeKind, 0), ZERO, ZERO
    for kind, count, more_taxable, more_vat in rows_of(statement, _parts(before, after)):
        counts[ChangeKind(kind)] = count
        taxable, vat = taxable + more_taxable, vat + more_vat
    return ChangeTotals(counts, taxable, vat)


def change_page(
    before: Register, after: Register, kind: ChangeKind | None = None, cursor: str = ""
) -> Page[Change]:
    """Return the page of changes at a cursor; UnprocessableError("bad-cursor")."""
    place = Cursor.parse(cursor, a_text, a_text, a_number)
    return _KEYSET.cut(_read(before, after, kind, place, PAGE_SIZE + 1), place)


def every_change(before: Register, after: Register) -> Iterator[Change]:
    """Return all changes in order, a batch at a time."""
    place: Cursor | None = None
    while found := _read(before, after, None, place, _BATCH):
        yield from found
        last = found[-1]
        place = Cursor((last.key, last.party, last.nth))


def _read(
    before: Register, after: Register, kind: ChangeKind | None, place: Cursor | None, limit: int
) -> list[Change]:
    backwards = place is not None and place.backwards
    params: dict[str, Any] = _parts(before, after) | {"limit": limit}
    asked = ""
    if kind is not None:
        asked += " AND kind = %(kind)s"
        params["kind"] = kind.value
    if place is not None:
        sign = "<" if backwards else ">"
        asked += f" AND (key, party, nth) {sign} (%(key)s, %(party)s, %(nth)s)"
        params |= dict(zip(("key", "party", "nth"), place.values, strict=True))
    order = ", ".join(f"{name} {'DESC' if backwards else 'ASC'}" for name in _KEYSET.columns)
    statement = _PAGE.format(
        columns=", ".join(_SIDES), compared=_compared(after), conditions=asked, order=order
    )
    return [_change(row) for row in rows_of(statement, params)]


def _parts(before: Register, after: Register) -> dict[str, Any]:
    old, new = (set(one.seen.values_list("part_id", flat=True)) for one in (before, after))
    return {"start": after.start, "before": sorted(old - new), "after": sorted(new - old)}


def _change(row: tuple[Any, ...]) -> Change:
    key, party, nth, *said = row
    width = len(Said._fields)
    sides = (said[:width], said[width:])
    return Change(key, party, nth, *(Said._make(one) if one[0] else None for one in sides))


def _compared(register: Register) -> str:
    rows = _SETTLEMENTS if register.type == RegisterType.SETTLEMENT else _INVOICES
    party = "''" if register.type == RegisterType.SALES else PARTY_KEY
    return _COMPARED.format(
        before=rows.format(party=party, parts="before"),
        after=rows.format(party=party, parts="after"),
        differs=" OR ".join(f"b.{name} IS DISTINCT FROM a.{name}" for name in COMPARED),
        columns=", ".join(f"{side[0]}.{side[2:]} AS {side}" for side in _SIDES),
    )


_SIDES = [f"{side}_{name}" for side in "ba" for name in Said._fields]
"""What was said before and after, column by column."""

_INVOICES = """
SELECT i.number_norm AS key, {party} AS party,
       row_number() OVER (PARTITION BY i.number_norm, {party} ORDER BY i.part_id, i.position)
       AS nth,
       i.part_id, i.position, i.number, i.counterparty_vat, i.counterparty_code, i.country,
       i.counterparty_name, i.issued, i.type, i.special, i.vat_point, i.registered, i.taxable,
       i.vat, coalesce((SELECT array_agg(concat(r->>0, ' ', r->>1) ORDER BY r->>0, r->>1)
                          FROM jsonb_array_elements(i.refs) AS r), '{{}}') AS named,
       coalesce(t.lines, '{{}}') AS lines
  FROM isaf_invoice AS i
  LEFT JOIN (
    SELECT part_id, position,
           array_agg(concat_ws(' ', nullif(code, ''), taxable, trim_scale(rate) || '%%', amount,
                               vat_point)
                     ORDER BY code, taxable, rate, amount, vat_point) AS lines
      FROM isaf_tax_row
     WHERE period_start = %(start)s AND part_id = ANY(%({parts})s)
     GROUP BY part_id, position
  ) AS t USING (part_id, position)
 WHERE i.period_start = %(start)s AND i.part_id = ANY(%({parts})s)
"""

_SETTLEMENTS = """
SELECT i.reference AS key, {party} AS party,
       row_number() OVER (PARTITION BY i.reference, {party} ORDER BY i.part_id, i.position) AS nth,
       i.part_id, i.position, i.reference AS number, i.counterparty_vat, i.counterparty_code,
       i.country, i.counterparty_name, i.paid_on AS issued, i.kind AS type, false AS special,
       NULL::date AS vat_point, NULL::date AS registered, i.taxable, i.vat,
       '{{}}'::text[] AS named, coalesce(t.lines, '{{}}') AS lines
  FROM isaf_settlement AS i
  LEFT JOIN (
    SELECT part_id, position,
           array_agg(concat_ws(' ', number, issued, amount, vat)
                     ORDER BY number, issued, amount, vat) AS lines
      FROM isaf_settled_invoice
     WHERE period_start = %(start)s AND part_id = ANY(%({parts})s)
     GROUP BY part_id, position
  ) AS t USING (part_id, position)
 WHERE i.period_start = %(start)s AND i.part_id = ANY(%({parts})s)
"""

_COMPARED = """
WITH b AS ({before}), a AS ({after})
SELECT key, party, nth, {columns},
       CASE WHEN b.part_id IS NULL THEN 'added' WHEN a.part_id IS NULL THEN 'removed'
            WHEN {differs} THEN 'changed' END AS kind
  FROM b FULL JOIN a USING (key, party, nth)
"""

_TOTALS = """
SELECT kind, count(*), sum(coalesce(a_taxable, 0) - coalesce(b_taxable, 0)),
       sum(coalesce(a_vat, 0) - coalesce(b_vat, 0))
  FROM ({compared}) AS compared
 WHERE kind IS NOT NULL
 GROUP BY kind
"""

_PAGE = """
SELECT key, party, nth, {columns}
  FROM ({compared}) AS compared
 WHERE kind IS NOT NULL{conditions}
 ORDER BY {order}
 LIMIT %(limit)s
"""
