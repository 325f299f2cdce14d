"""Codes of persons: taxpayer codes and VAT codes, checked by form and check digit."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from operator import mul

from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.lt import asmens

_BLANKS_AND_MARKS = re.compile(r"[\s.\-–/]+")
_PHONE_MARKS = re.compile(r"[\s().\-–]+")
_LT_MOBILE = re.compile(r"[80]6[0-9]{7}")
_LT_E164 = re.compile(r"3706[0-9]{7}")
_E164 = re.compile(r"[1-9][0-9]{7,14}")
_VMI_CODE = re.compile(r"[0-9]{10}")

EU_VAT_PREFIXES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()  # noqa: SIM905
)
"""Prefixes of VAT codes in the European Union; XI is Northern Ireland (goods only)."""

_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4)
_VALUES = bytes.maketrans(b"0123456789", bytes(range(10)))
_MARK_OF_LENGTH = {9: 7, 12: 10}
_LT_VAT = re.compile(r"LT([0-9]{9}|[0-9]{12})")
_COUNTRIES_OF_PREFIX = {"EL": frozenset({"GR", "EL"}), "XI": frozenset({"GB", "XI"})}


class TaxpayerCodeKind(StrEnum):
    """What a code in the Register of Taxpayers says about its owner."""

    LEGAL = "legal"
    VMI = "vmi"
    PERSONAL = "personal"


def legal_code_is_valid(code: str) -> bool:
    """Tell whether this is a nine-digit legal entity code with its check digit.

    The check digit is the one of nine-digit VAT codes; it was confirmed on ten known codes,
    its formal source is not published.
    """
    return len(code) == 9 and code.isascii() and code.isdigit() and _has_check_digit(code)


@lru_cache(maxsize=4096)
def personal_code_is_valid(code: str) -> bool:
    """Tell whether this is an eleven-digit personal code with a birth date and check digit."""
    return len(code) == 11 and code.isascii() and asmens.is_valid(code)


def vmi_code_has_form(code: str) -> bool:
    """Tell whether this looks like a ten-digit code given by the tax authority.

    The structure of these codes is not published, so only the form is asked.
    """
    return _VMI_CODE.fullmatch(code) is not None


def taxpayer_code_kind(code: str) -> TaxpayerCodeKind | None:
    """Tell what kind of taxpayer code this is, or None when it is none."""
    if legal_code_is_valid(code):
        return TaxpayerCodeKind.LEGAL
    if personal_code_is_valid(code):
        return TaxpayerCodeKind.PERSONAL
    return TaxpayerCodeKind.VMI if vmi_code_has_form(code) else None


def normalise_vat(code: str) -> str:
    """Return a VAT code in capitals without blanks, dots, dashes or slashes."""
    return _BLANKS_AND_MARKS.sub("", code).upper()


def normalise_phone(typed: str) -> str:
    """Return a mobile number as E.164 writes it (+37060000000), or "" for what is none.

    Of Lithuania the forms of every day are known too: 8 600 00000, 0 600 00000, 370 600 00000;
    there only mobile numbers are taken (they begin with 6).
    """
    digits = _PHONE_MARKS.sub("", typed)
    plain = digits.removeprefix("00") if digits.startswith("00") else digits.removeprefix("+")
    if _LT_MOBILE.fullmatch(digits):
        plain = f"370{digits[-8:]}"
    if not _E164.fullmatch(plain) or (plain == digits and not plain.startswith("370")):
        return ""
    is_home = plain.startswith("370")
    return "" if is_home and not _LT_E164.fullmatch(plain) else f"+{plain}"


def normalise_foreign_code(code: str) -> str:
    """Return a code that another country gives a person in one spelling: capitals, no blanks."""
    return "".join(code.split()).upper()


def loose_number(number: str) -> str:
    """Return a document's own number as it is compared with one typed on a phone.

    Case, blanks and the marks of Lithuanian letters do not count: "vėž 1" is VEZ1.
    """
    if number.isascii():
        return "".join(number.split()).upper()
    plain = unicodedata.normalize("NFKD", number)
    return "".join(
        letter for letter in plain if not (unicodedata.combining(letter) or letter.isspace())
    ).upper()


def vat_prefix(code: str) -> str:
    """Return the two letters a VAT code begins with, or "" when it begins otherwise."""
    prefix = code[:2].upper()
    return prefix if len(prefix) == 2 and prefix.isascii() and prefix.isalpha() else ""


def lt_vat_is_valid(code: str) -> bool:
    """Tell whether this is a Lithuanian VAT code, LT and 9 or 12 digits, with its check digit.

    The last but one of nine digits, and of twelve, is always 1.
    """
    found = _LT_VAT.fullmatch(code)
    if found is None:
        return False
    digits = found[1]
    return digits[_MARK_OF_LENGTH[len(digits)]] == "1" and _has_check_digit(digits)


@lru_cache(maxsize=4096)
def eu_vat_is_valid(code: str) -> bool:
    """Tell whether this is a VAT code of an EU member (or Northern Ireland) by its own rules."""
    if vat_prefix(code) not in EU_VAT_PREFIXES:
        return False
    try:
        eu_vat.validate(code)
    except ValidationError:
        return False
    return True


def prefix_fits_country(prefix: str, country: str) -> bool:
    """Tell whether a VAT prefix belongs to a country: EL is Greece (GR), XI is in GB."""
    return country in _COUNTRIES_OF_PREFIX.get(prefix, frozenset({prefix}))


def _has_check_digit(digits: str) -> bool:
    """Tell whether the last digit follows from those before it, as in codes of nine or twelve."""
    values = digits.encode().translate(_VALUES)
    counted = values[:-1]
    check: int = sum(map(mul, _WEIGHTS, counted)) % 11
    if check == 10:
        check = sum(map(mul, _SECOND_WEIGHTS, counted)) % 11
    return check % 10 == values[-1]
