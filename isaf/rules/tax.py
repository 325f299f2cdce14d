"""Tax codes, rates and amounts of one total row, judged by the classifier of the day.

The classifier (order VA-49 of 2015-07-21, annex 2, No 1) is `schemas/isaf/vat_codes.csv`; who may
stand behind a code and how its VAT appears is `schemas/isaf/vat_code_uses.csv`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache

from imas.kernel.classifiers import Entry, Row, classifier, rows
from imas.kernel.money import ZERO, euro
from isaf.rules.faults import CLEAN, Finding, Findings
from isaf.rules.limits import limit_on
from isaf.types import RegisterType, TaxRow

CODE, RATE, AMOUNT, TAXABLE = "TaxCode", "TaxPercentage", "Amount", "TaxableValue"
_TABLE = "isaf/vat_codes.csv"
_IMPORT_VAT = frozenset({"PVM23", "PVM24"})
_HUNDRED = Decimal(100)
_NO_RATE: tuple[Decimal | None, ...] = (None,)
_REPLACED = {
    (Decimal(9), Decimal(12)): "nine-for-twelve",
    (Decimal(12), Decimal(9)): "twelve-for-nine",
}


class Vat(StrEnum):
    """How the VAT of a tax code appears in a row."""

    CHARGED = "charged"
    SELF = "self"
    MARGIN = "margin"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a tax code means in a register for a supply of some day.

    `rates` are the rates it allows in per cent, None among them for "no rate", and is empty when
    any will do; `rate` is the only one, or None. `why_not` says why the code may not stand there.
    `tolerance` is by how much an amount times a hundred per cent may miss the base times the rate.
    """

    rates: tuple[Decimal | None, ...] = ()
    rate: Decimal | None = None
    vat: Vat = Vat.FREE
    why_not: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    fits_lithuanian: bool = True
    fits_overseas: bool = True
    tolerance: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Codes:
    """The fault codes that say the same thing of both registers."""

    code: str
    rate: str
    amount: str
    amount_may_be_nil: bool


CODES: Mapping[RegisterType, Codes] = {
    RegisterType.PURCHASE: Codes("14022", "14023", "14024", amount_may_be_nil=True),
    RegisterType.SALES: Codes("14049", "14050", "14051", amount_may_be_nil=False),
}

RowRule = Callable[[TaxRow, Meaning, Codes], Findings]


def tax_code_may_stand_here(row: TaxRow, meaning: Meaning, codes: Codes) -> Findings:
    """The tax code exists, is in force on the day of supply and belongs to the register.

    Faults 14022 and 14049. A sale always has a code; a purchase may leave it nil (see 14300).
    """
    if not meaning.why_not:
        return CLEAN
    return (Finding(codes.code, CODE, row.code, meaning.why_not, meaning.params),)


def rate_fits_the_code(row: TaxRow, meaning: Meaning, codes: Codes) -> Findings:
    """The rate is the one the tax code had on the day of supply (14023, 14050)."""
    if row.rate == meaning.rate or not meaning.rates or row.rate in meaning.rates:
        return CLEAN
    reason = _why_another_rate(row, meaning)
    params = {"code": row.code, "expected": _listed(meaning.rates)}
    return (Finding(codes.rate, RATE, _plain(row.rate), reason, params),)


def amount_follows_from_the_rate(row: TaxRow, meaning: Meaning, codes: Codes) -> Findings:
    """The VAT amount is the taxable value times the rate, within the tolerance (14024, 14051).

    Nil on a purchase says that the VAT is not in the accounts. Where the buyer accounts for it
    none may stand; under the margin scheme the base is not the price, so nothing is compared.
    """
    amount = row.amount
    if amount is None:
        if codes.amount_may_be_nil:
            return CLEAN
        amount = ZERO
    rate = (meaning.rate if row.rate is None else row.rate) or ZERO
    if abs(row.taxable * rate - amount * _HUNDRED) <= meaning.tolerance:
        return CLEAN
    return _judge_amount(row, meaning, codes)


RULES: tuple[RowRule, ...] = (
    tax_code_may_stand_here,
    rate_fits_the_code,
    amount_follows_from_the_rate,
)

OF_THE_KIND: frozenset[RowRule] = frozenset({tax_code_may_stand_here, rate_fits_the_code})
"""Rules that look at what a row has in common with others of its kind (`invoices.kind_of`)."""


@lru_cache(maxsize=8192)
def meaning_of(code: str, register: RegisterType, supplied: date, corrects: bool) -> Meaning:  # noqa: FBT001
    """Return what a tax code means in a register for a supply on that day, and what is tolerated.

    A correcting document may keep a code and a rate that were in force for the supply it corrects.
    """
    meaning = _undated_meaning(code, register, supplied, corrects=corrects)
    return replace(meaning, tolerance=limit_on("vat-tolerance", supplied) * _HUNDRED)


def _undated_meaning(
    code: str, register: RegisterType, supplied: date, *, corrects: bool
) -> Meaning:
    if not code:
        return _meaning_of_nothing(register, supplied, corrects=corrects)
    entries = classifier(_TABLE).entries(code)
    if not entries:
        return Meaning(why_not="not-in-the-list")
    entry = next((each for each in entries if each.holds_on(supplied)), entries[-1])
    why_not = _why_not(entry, register, supplied, corrects=corrects)
    return _meaning(entry, _uses()[code], why_not)


def _meaning(entry: Entry, use: Row, why_not: str) -> Meaning:
    rates = _rates(entry.row["rates"])
    return Meaning(
        rates=rates,
        rate=rates[0] if len(rates) == 1 else None,
        vat=Vat(use["vat"]),
        why_not=why_not,
        params={
            "valid_from": f"{entry.valid_from}",
            "valid_to": f"{entry.valid_to}",
            "successor": use["successor"],
        },
        fits_lithuanian=use["supplier_lt"] == "yes",
        fits_overseas=use["supplier_other"] == "yes",
    )


def _meaning_of_nothing(register: RegisterType, supplied: date, *, corrects: bool) -> Meaning:
    if register is RegisterType.SALES:
        return Meaning(why_not="missing")
    return Meaning(rates=(*_domestic_rates(supplied, corrects=corrects), None), vat=Vat.CHARGED)


def _why_not(entry: Entry, register: RegisterType, supplied: date, *, corrects: bool) -> str:
    column = "sales" if register is RegisterType.SALES else "purchases"
    if entry.code in _IMPORT_VAT:
        return "import-vat"
    if supplied < entry.valid_from:
        return "not-yet"
    if supplied > entry.valid_to:
        return "" if corrects else "expired"
    return "not-for-register" if entry.row[column] == "no" else ""


def _domestic_rates(supplied: date, *, corrects: bool) -> tuple[Decimal | None, ...]:
    table, found = classifier(_TABLE), set[Decimal | None]()
    for code in table:
        use = _uses()[code]
        if use["vat"] != Vat.CHARGED or use["supplier_lt"] == "no":
            continue
        for entry in table.entries(code):
            if corrects or entry.holds_on(supplied):
                found.update(_rates(entry.row["rates"]))
    return tuple(sorted((rate for rate in found if rate is not None), reverse=True))


def _rates(text: str) -> tuple[Decimal | None, ...]:
    if text == "any":
        return ()
    return _NO_RATE if text == "none" else tuple(Decimal(each) for each in text.split())


def _why_another_rate(row: TaxRow, meaning: Meaning) -> str:
    rate = row.rate
    if rate is None:
        return "missing"
    if not row.code:
        return "no-such-rate"
    if meaning.rates == _NO_RATE:
        return "zero-for-none" if rate == 0 else "rate-for-none"
    if rate and rate * _HUNDRED in meaning.rates:
        return "fraction"
    return _REPLACED.get((rate, meaning.rate or ZERO), "")


def _judge_amount(row: TaxRow, meaning: Meaning, codes: Codes) -> Findings:
    amount = row.amount or ZERO
    if meaning.vat in {Vat.MARGIN, Vat.FREE} or (meaning.vat is Vat.SELF and not amount):
        return CLEAN
    if row.rate is None and meaning.rate is None and meaning.rates != _NO_RATE:
        return CLEAN
    rate = (meaning.rate if row.rate is None else row.rate) or ZERO
    if _is_near(amount, row.taxable * (meaning.rate or rate) / _HUNDRED, meaning):
        return CLEAN
    expected = row.taxable * rate / _HUNDRED
    reason = _why_another_amount(row, expected, rate, meaning)
    params = {
        "taxable": f"{row.taxable}",
        "rate": _plain(rate),
        "expected": f"{euro(expected)}",
        "gross": f"{euro(row.taxable + expected)}",
    }
    return (Finding(codes.amount, AMOUNT, _plain(row.amount), reason, params),)


def _why_another_amount(row: TaxRow, expected: Decimal, rate: Decimal, meaning: Meaning) -> str:
    amount, taxable = row.amount or ZERO, row.taxable
    if not amount:
        return "missing"
    if _is_near(amount, taxable + expected, meaning):
        return "gross-in-amount"
    if not rate:
        return "vat-without-rate"
    if _is_near(amount, taxable * rate / (_HUNDRED + rate), meaning):
        return "gross-in-taxable"
    return "sign" if _is_near(amount, -expected, meaning) else ""


def _is_near(amount: Decimal, expected: Decimal, meaning: Meaning) -> bool:
    return abs(amount - expected) * _HUNDRED <= meaning.tolerance


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _listed(rates: tuple[Decimal | None, ...]) -> str:
    return ", ".join(_plain(rate) or "–" for rate in rates)


@cache
def _uses() -> Mapping[str, Row]:
    return {row["code"]: row for row in rows("isaf/vat_code_uses.csv")}
