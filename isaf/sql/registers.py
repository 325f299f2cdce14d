"""Comparisons of a register with itself and with the taxpayer's other registers, in sets.

`start` and `parts` are the register at hand, `other_starts` and `other_parts` the current registers
it is compared with.
"""

from datetime import date
from typing import NamedTuple

SALES_KEY = "number_norm, issued"
PURCHASE_KEY = "number_norm, issued, counterparty_vat, counterparty_code"


class Hit(NamedTuple):
    """An invoice a check has something to say about.

    `other` is the line of the row it repeats, None when that row stands in another register;
    `found` is how many there are in all.
    """

    part_id: int
    position: int
    line: int
    invoice_no: str
    number: str
    issued: date
    other: int | None
    elsewhere: bool
    found: int


_MINE = """
WITH mine AS (
    SELECT part_id, position, line, number, number_norm, issued, counterparty_vat,
           counterparty_code
      FROM isaf_invoice
     WHERE period_start = %(start)s AND part_id = ANY(%(parts)s) AND type <> 'AN'
)
"""

_REPEATED_WITHIN = """
SELECT part_id, position, line, number AS invoice_no, number, issued, first_line AS other,
       first_part <> part_id AS elsewhere
  FROM (
    SELECT *, row_number() OVER same AS place, first_value(line) OVER same AS first_line,
           first_value(part_id) OVER same AS first_part
      FROM mine
    WINDOW same AS (PARTITION BY {key} ORDER BY part_id, position)
  ) AS numbered
 WHERE place > 1
"""

_REPEATED_ELSEWHERE = """
SELECT DISTINCT ON (mine.part_id, mine.position)
       mine.part_id, mine.position, mine.line, mine.number AS invoice_no, mine.number,
       mine.issued, NULL::integer AS other, true AS elsewhere
  FROM mine
  JOIN (
    SELECT {key}
      FROM isaf_invoice
     WHERE period_start = ANY(%(other_starts)s) AND part_id = ANY(%(other_parts)s)
       AND type <> 'AN'
  ) AS theirs USING ({key})
"""

_FRAME = """
SELECT *, count(*) OVER () AS found FROM ({body}) AS hits ORDER BY part_id, position LIMIT %(limit)s
"""

REFERENCES = """
SELECT i.part_id, i.position, i.line, i.number, r ->> 0, (r ->> 1)::date
  FROM isaf_invoice AS i
 CROSS JOIN LATERAL jsonb_array_elements(i.refs) AS r
 WHERE i.period_start = %(start)s AND i.part_id = ANY(%(parts)s) AND i.refs IS NOT NULL
   AND i.type IN ('KS', 'DS', 'VK', 'VD')
 ORDER BY i.part_id, i.position
"""
"""The invoices that credit and debit documents name: their row, then number and issue date."""

KNOWN = """
SELECT named.number_norm, named.issued
  FROM unnest(%(numbers)s::text[], %(days)s::date[]) AS named (number_norm, issued)
 WHERE EXISTS (
    SELECT 1 FROM isaf_invoice AS i
     WHERE i.period_start = ANY(%(starts)s) AND i.part_id = ANY(%(parts)s)
       AND i.number_norm = named.number_norm AND i.issued = named.issued
 )
"""
"""Which of the named invoices stand in the given parts."""


def repeated(key: str) -> str:
    """Return the statement that finds invoices repeated within or outside the register.

    `key` is SALES_KEY or PURCHASE_KEY. A cancelled invoice (AN) repeats nothing.
    """
    within, elsewhere = _REPEATED_WITHIN.format(key=key), _REPEATED_ELSEWHERE.format(key=key)
    return _MINE + _FRAME.format(body=f"({within}) UNION ALL ({elsewhere})")
