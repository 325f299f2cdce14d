"""Comparisons of a register's invoices with what the taxpayer registers hold, in sets.

`start` and `parts` are the register at hand. Every day is the invoice's own. Each statement yields
a `register_sql.Hit` whose number is the value in doubt. An invoice that was cancelled (AN) is left
alone, and so is a code whose party is said to be of another country.
"""

from dataclasses import dataclass

from isaf.types import RegisterType

_MINE = """
WITH mine AS (
    SELECT part_id, position, line, number, issued, counterparty_vat AS vat,
           counterparty_code AS code, country IN ('LT', '') AS is_here
      FROM isaf_invoice
     WHERE period_start = %(start)s AND part_id = ANY(%(parts)s) AND type <> 'AN'
)
"""

_FOUND = """
SELECT part_id, position, line, number AS invoice_no, {value} AS number, issued,
       NULL::integer AS other, false AS elsewhere, count(*) OVER () AS found
  FROM mine
 WHERE {wrong}
 ORDER BY part_id, position LIMIT %(limit)s
"""

_ON_THE_DAY = "{row}.valid_from <= issued AND ({row}.valid_to IS NULL OR {row}.valid_to >= issued)"
_IS_LT_VAT = "vat ~ '^LT([0-9]{9}|[0-9]{12})$'"

_HELD = "EXISTS (SELECT FROM representation_vatregistration held WHERE held.vat_code = vat)"

_VAT_NOT_VALID = f"""
{_HELD}
AND NOT EXISTS (SELECT FROM representation_vatregistration own
                 WHERE own.vat_code = vat AND {_ON_THE_DAY.format(row="own")})
"""

_VAT_UNKNOWN = f"{_IS_LT_VAT} AND NOT {_HELD}"

# That a person has died is not told to whoever writes a personal code.
_CODE_NOT_VALID = """
is_here AND EXISTS (SELECT FROM representation_taxpayer party
                     WHERE party.code = mine.code AND party.kind <> 'natural'
                       AND party.ended_on < issued)
"""

# Persons may give the number of their licence or certificate as their code.
_CODES_OF_TWO = f"""
is_here AND code NOT IN ('', 'ND')
AND EXISTS (SELECT FROM representation_vatregistration own
              JOIN representation_taxpayer owner ON owner.id = own.taxpayer_id
             WHERE own.vat_code = vat AND {_ON_THE_DAY.format(row="own")}
               AND owner.kind = 'legal' AND owner.code <> mine.code)
"""

_A_FARMERS = f"""
EXISTS (SELECT FROM representation_taxpayer farmer
          JOIN representation_farmerscheme paid ON paid.taxpayer_id = farmer.id
         WHERE farmer.code = mine.{{column}} AND {_ON_THE_DAY.format(row="paid")})
"""

_FARMERS_CODE_MOVED = f"code IN ('', 'ND') AND {_A_FARMERS.format(column='vat')}"
_FARMER_WITH_VAT = f"vat <> '' AND NOT {_IS_LT_VAT} AND {_A_FARMERS.format(column='code')}"

_OTHER_TAX_CODE = """
(SELECT min(total.code) FROM isaf_tax_row total
  WHERE total.period_start = %(start)s AND total.part_id = mine.part_id
    AND total.position = mine.position AND total.code NOT IN ('', 'PVM49'))
"""
_FARMER_WITH_ANOTHER_TAX_CODE = (
    f"NOT {_IS_LT_VAT} AND {_A_FARMERS.format(column='code')} AND {_OTHER_TAX_CODE} IS NOT NULL"
)

# PVM49 alone says that goods are a farmer's; who is taxed when he is paid sells them with VAT.
_FARMERS_TAX_CODE = "'PVM49'"
_PAYER_WITH_FARMERS_TAX_CODE = f"""
EXISTS (SELECT FROM representation_vatregistration own
          JOIN representation_cashaccounting paid ON paid.taxpayer_id = own.taxpayer_id
         WHERE own.vat_code = vat AND {_ON_THE_DAY.format(row="own")}
           AND {_ON_THE_DAY.format(row="paid")})
AND EXISTS (SELECT FROM isaf_tax_row total
             WHERE total.period_start = %(start)s AND total.part_id = mine.part_id
               AND total.position = mine.position AND total.code = {_FARMERS_TAX_CODE})
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: its fault code, the element in doubt, the statement.

    `needs_whole` says that it holds only where the registers held are those of the whole country.
    """

    code: str
    element: str
    statement: str
    needs_whole: bool = False


def _check(code: str, element: str, value: str, wrong: str, *, needs_whole: bool = False) -> Check:
    return Check(code, element, _MINE + _FOUND.format(value=value, wrong=wrong), needs_whole)


_VAT, _CODE = "VATRegistrationNumber", "RegistrationNumber"

CHECKS: dict[RegisterType, tuple[Check, ...]] = {
    RegisterType.PURCHASE: (
        _check("14003", f"SupplierInfo/{_VAT}", "vat", _VAT_NOT_VALID),
        _check("14007", f"SupplierInfo/{_CODE}", "code", _CODE_NOT_VALID),
        _check("14069", f"SupplierInfo/{_VAT}", "vat", _VAT_UNKNOWN, needs_whole=True),
        _check("14403", f"SupplierInfo/{_CODE}", "code", _CODES_OF_TWO),
        _check("14313", "DocumentTotals", _OTHER_TAX_CODE, _FARMER_WITH_ANOTHER_TAX_CODE),
        _check("14314", "DocumentTotals", _FARMERS_TAX_CODE, _PAYER_WITH_FARMERS_TAX_CODE),
    ),
    RegisterType.SALES: (
        _check("14025", f"CustomerInfo/{_VAT}", "vat", _VAT_NOT_VALID),
        _check("14031", f"CustomerInfo/{_CODE}", "code", _CODE_NOT_VALID),
        _check("14406", f"CustomerInfo/{_CODE}", "code", _CODES_OF_TWO),
        _check("14404", f"CustomerInfo/{_VAT}", "vat", _FARMERS_CODE_MOVED),
        _check("14405", f"CustomerInfo/{_VAT}", "vat", _FARMER_WITH_VAT),
    ),
}
"""The comparisons of each register, by official code (web-service specification 4.1)."""
