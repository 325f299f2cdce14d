"""Which rows of a register are asked for, as SQL conditions on its invoices.

A condition looks at the row `i` alone, or at its tax rows by one probe of their primary key, so a
selection reads at most the rows of the register's own parts (docs/isaf/registers.md, Reading fast).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from isaf.models import Register
from isaf.types import normalise_number

NOTHING = "-"
"""Asks for rows in which the field is empty."""

ANY_FINDING = "on"


@dataclass(frozen=True, slots=True)
class InvoiceQuery:
    """Which invoices are asked for; everything empty means all of them.

    `counterparty` is a VAT code or a code, either of which may be the party's; `party_key` is the
    one code a party is grouped by. `problems` is "on" for any finding, or one severity.
    """

    text: str = ""
    counterparty: str = ""
    party_key: str = ""
    country: str = ""
    vat_code: str = ""
    rate: str = ""
    type: str = ""
    part: str = ""
    source: str = ""
    special: str = ""
    problems: str = ""
    since: date | None = None
    until: date | None = None
    supplied_since: date | None = None
    supplied_until: date | None = None
    registered_since: date | None = None
    registered_until: date | None = None
    taxable_from: Decimal | None = None
    taxable_to: Decimal | None = None
    vat_from: Decimal | None = None
    vat_to: Decimal | None = None
    total_from: Decimal | None = None
    total_to: Decimal | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return all(getattr(self, one.name) in {"", None} for one in fields(self))


@dataclass(frozen=True, slots=True)
class ShownParts:
    """The parts a register shows by id, where each came from, and the places of findings."""

    numbers: Mapping[int, str]
    sources: Mapping[int, str]
    marked: Sequence[tuple[int, int, str]] = field(default=())

    def wanted(self, query: InvoiceQuery) -> list[int]:
        """Return the parts that a query looks into, in their order."""
        return [
            part
            for part, number in sorted(self.numbers.items())
            if query.part in {"", number} and query.source in {"", self.sources[part]}
        ]

    def counted(self) -> Mapping[tuple[int, int], int]:
        """Return how many findings stand at each place."""
        found: dict[tuple[int, int], int] = {}
        for part, position, _ in self.marked:
            found[part, position] = found.get((part, position), 0) + 1
        return found


def shown_parts(register: Register) -> ShownParts:
    """Return the parts that are seen of a register, in two queries."""
    seen = list(register.seen.values_list("part_id", "part_number", "part__source"))
    places = rows_of(_PROBLEM_PLACES, {"register": register.pk})
    return ShownParts(
        {part: number for part, number, _ in seen},
        {part: source for part, _, source in seen},
        [(part, place, severity) for part, place, severity in places if place is not None],
    )


def conditions(query: InvoiceQuery, parts: ShownParts) -> tuple[str, dict[str, Any]]:
    """Return the conditions a query sets, each led by AND, and the values in them."""
    params: dict[str, Any] = {}
    found: list[str] = []
    for asked, condition in _CONDITIONS.items():
        if (value := getattr(query, asked)) not in {"", None}:
            found.append(condition)
            params[asked] = value
    if query.text:
        found.append(_TEXT)
        params |= _text_values(query.text)
    if query.party_key:
        params["party_key"] = "" if query.party_key == NOTHING else query.party_key
    if query.country == NOTHING:
        params["country"] = ""
    if of_rows := _row_conditions(query, params):
        found.append(_TAX_ROW.format(conditions=of_rows))
    if query.problems:
        found.append(_MARKED)
        params |= _marked(query, parts)
    return "".join(f" AND {condition}" for condition in found), params


def rows_of(statement: str, params: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Run a statement and yield what it finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        yield from cursor.fetchall()


PARTY_KEY = (
    "coalesce(nullif(i.counterparty_vat, ''), nullif(nullif(i.counterparty_code, ''), 'ND'), '')"
)
"""By which one code a party is grouped: its VAT code, else its code; "" when neither is known."""

_CONDITIONS: Mapping[str, str] = {
    "counterparty": "%(counterparty)s IN (i.counterparty_vat, i.counterparty_code)",
    "party_key": f"{PARTY_KEY} = %(party_key)s",
    "country": "i.country = %(country)s",
    "type": "i.type = %(type)s",
    "special": "i.special = %(special)s::boolean",
    "since": "i.issued >= %(since)s",
    "until": "i.issued <= %(until)s",
    "registered_since": "i.registered >= %(registered_since)s",
    "registered_until": "i.registered <= %(registered_until)s",
    "taxable_from": "i.taxable >= %(taxable_from)s",
    "taxable_to": "i.taxable <= %(taxable_to)s",
    "vat_from": "i.vat >= %(vat_from)s",
    "vat_to": "i.vat <= %(vat_to)s",
    "total_from": "i.total >= %(total_from)s",
    "total_to": "i.total <= %(total_to)s",
}

_TEXT = (
    "(i.number_norm LIKE %(number)s OR i.counterparty_name ILIKE %(name)s"
    " OR i.counterparty_vat LIKE %(code)s OR i.counterparty_code LIKE %(code)s)"
)

_TAX_ROW = (
    "EXISTS (SELECT 1 FROM isaf_tax_row AS t WHERE t.period_start = i.period_start"
    " AND t.part_id = i.part_id AND t.position = i.position{conditions})"
)

_MARKED = (
    "(i.part_id, i.position) IN (SELECT * FROM unnest(%(marked_parts)s::bigint[],"
    " %(marked_positions)s::integer[]))"
)

_PROBLEM_PLACES = r"""
SELECT p.id, substring(d.path FROM '(?:Invoice|SettlementAndPayment)\[(\d+)\]')::integer - 1,
       d.severity
  FROM isaf_registerpart AS s
  JOIN isaf_part AS p ON p.id = s.part_id
  JOIN intake_documentproblem AS d ON d.document_id = p.document_id AND d.register = p.type
 WHERE s.register_id = %(register)s AND d.path LIKE '%%[%%'
   AND d.path LIKE 'SourceDocuments/%%'
UNION ALL
SELECT part_id, invoice_position, severity FROM isaf_registerproblem
 WHERE on_id = %(register)s AND part_id IS NOT NULL
"""


def _row_conditions(query: InvoiceQuery, params: dict[str, Any]) -> str:
    """Return what one and the same tax row has to be; a supply date may be the invoice's too."""
    found = []
    if query.vat_code:
        found.append("t.code = %(vat_code)s")
        params["vat_code"] = "" if query.vat_code == NOTHING else query.vat_code
    if query.rate == NOTHING:
        found.append("t.rate IS NULL")
    elif query.rate:
        found.append("t.rate = %(rate)s::numeric")
        params["rate"] = query.rate
    for asked, sign in (("supplied_since", ">="), ("supplied_until", "<=")):
        if (day := getattr(query, asked)) is not None:
            found.append(f"coalesce(t.vat_point, i.vat_point) {sign} %({asked})s")
            params[asked] = day
    return "".join(f" AND {condition}" for condition in found)


def _marked(query: InvoiceQuery, parts: ShownParts) -> dict[str, Any]:
    places = {
        (part, position)
        for part, position, severity in parts.marked
        if query.problems in {ANY_FINDING, severity}
    }
    return {
        "marked_parts": [part for part, _ in places],
        "marked_positions": [position for _, position in places],
    }


def _text_values(text: str) -> dict[str, str]:
    """Look for a number as numbers are compared, for a code or a name as it is written."""
    number, escaped = normalise_number(text), _escaped(text.strip())
    return {
        "number": f"%{number}%" if number else "",
        "name": f"%{escaped}%",
        "code": f"{escaped.upper()}%",
    }


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
