"""Who is on the other side of a deal: codes, country and name of suppliers, buyers and payers.

A party repeats in a file thousands of times, so each rule answers from a cache keyed by the few
fields it looks at. "ND" says "not known" (description 1.2.1, 2.1.1.2 to 2.1.1.5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from imas.kernel.classifiers import rows
from imas.kernel.identifiers import (
    EU_VAT_PREFIXES,
    eu_vat_is_valid,
    legal_code_is_valid,
    lt_vat_is_valid,
    normalise_vat,
    prefix_fits_country,
    taxpayer_code_kind,
    vat_prefix,
)
from isaf.rules.faults import CLEAN, Finding, Findings
from isaf.rules.vat_forms import VAT_FORMS
from isaf.types import NOT_KNOWN, FileContext, Invoice, Party, RegisterType

VAT, CODE, COUNTRY, NAME = "VATRegistrationNumber", "RegistrationNumber", "Country", "Name"
FARMERS_TAX_CODE = "PVM49"
"""Purchases from farmers of the compensation scheme (VAT Law 97-100; classifier)."""

_OTHER_NAMES = {"EL": "GR", "UK": "GB"}
_SAYING_NOTHING = frozenset({"-", "--", "N/A", "NA", "NERA", "NĖRA", "NĖRA PVM", "NE", "0", "X"})


class Home(StrEnum):
    """Where a supplier pays VAT, as far as the record says."""

    LITHUANIA = "LT"
    EU = "EU"
    OTHER = "OTHER"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class PartyCodes:
    """The fault codes that say the same thing of a supplier, a buyer or a payer."""

    vat_empty: str
    vat_form: str
    vat_country: str
    code_empty: str
    code_unknown: str
    country_empty: str
    country_invalid: str
    name_empty: str


SUPPLIER = PartyCodes("14070", "14004", "14005", "14070", "14006", "14008", "14009", "14010")
CUSTOMER = PartyCodes("14029", "14026", "14027", "14029", "14030", "14033", "14032", "14034")
PAYER = PartyCodes("14056", "14057", "14058", "14059", "14059", "14061", "14060", "14062")

CODES: Mapping[RegisterType, PartyCodes] = {
    RegisterType.PURCHASE: SUPPLIER,
    RegisterType.SALES: CUSTOMER,
    RegisterType.SETTLEMENT: PAYER,
}

PartyRule = Callable[[Party, PartyCodes], Findings]


def vat_code_has_its_form(party: Party, codes: PartyCodes) -> Findings:
    """A VAT code has its country's prefix, form and check digit (14004, 14026, 14057).

    Lithuanian codes are judged wholly. Of other EU codes a wrong check digit is only a warning,
    for the members' algorithms are not published by all; codes of other countries are not judged.
    """
    return _vat_form(party.vat_code, party.country, codes.vat_form)


def vat_code_fits_the_country(party: Party, codes: PartyCodes) -> Findings:
    """The VAT prefix is the prefix of the country (14005, 14027, 14058).

    Greece writes EL for GR, Northern Ireland XI for GB.
    """
    return _vat_country(party.vat_code, party.country, codes.vat_country)


def party_is_identified(party: Party, codes: PartyCodes) -> Findings:
    """There is a VAT code, or a registration code, or ND for both (14070, 14029, 14056, 14059)."""
    if party.vat_code and party.vat_code != NOT_KNOWN:
        return CLEAN
    if not party.vat_code:
        return (Finding(codes.vat_empty, VAT),)
    return CLEAN if party.registration_code else (Finding(codes.code_empty, CODE),)


def registration_code_is_one(party: Party, codes: PartyCodes) -> Findings:
    """A Lithuanian party's code has the form and check digit of a taxpayer code (14006, 14030).

    Only the form can be judged here; whether the code exists needs the Register of Taxpayers. The
    form of farmers' codes is not published, so a farmer's code is left alone by the caller.
    """
    if not party.registration_code:
        return CLEAN
    return _code_form(party.registration_code, party.vat_code, party.country, codes.code_unknown)


def country_is_given(party: Party, codes: PartyCodes) -> Findings:
    """Without a VAT code the country is named (14008, 14033, 14061; description 2.1.1.4)."""
    if party.country or (party.vat_code and party.vat_code != NOT_KNOWN):
        return CLEAN
    return (Finding(codes.country_empty, COUNTRY),)


def country_is_in_the_list(party: Party, codes: PartyCodes) -> Findings:
    """A country is written by its ISO 3166-1 code of two capitals (14009, 14032, 14060)."""
    return _country(party.country, codes.country_invalid) if party.country else CLEAN


def name_is_given(party: Party, codes: PartyCodes) -> Findings:
    """A name is written, or ND when the invoice has none (14010, 14034, 14062)."""
    return CLEAN if party.name else (Finding(codes.name_empty, NAME),)


RULES: tuple[PartyRule, ...] = (
    vat_code_has_its_form,
    vat_code_fits_the_country,
    party_is_identified,
    registration_code_is_one,
    country_is_given,
    country_is_in_the_list,
    name_is_given,
)


def judge(party: Party, codes: PartyCodes) -> Findings:
    """Return what every party rule finds; the name is only asked to be there."""
    vat, code, country = party.vat_code, party.registration_code, party.country
    if party.name and is_plain_payer(vat, code, country):
        return CLEAN
    return _judge(vat, code, country, bool(party.name), codes)


@lru_cache(maxsize=4096)
def is_plain_payer(vat_code: str, code: str, country: str) -> bool:
    """Tell at once a Lithuanian VAT payer written as most are, of whom no rule finds anything."""
    return (
        (country == "LT" or not country)
        and lt_vat_is_valid(vat_code)
        and (not code or legal_code_is_valid(code))
    )


def resolve(invoice: Invoice, context: FileContext) -> Party:
    """Return the party written in the invoice, or the one of the master file it points to.

    When it points to nobody the written, empty party is returned.
    """
    party = invoice.party
    if party.vat_code or party.name:
        return party
    sold = invoice.register is RegisterType.SALES
    return (context.customers if sold else context.suppliers).get(party.party_id, party)


def is_the_taxpayer(party: Party, context: FileContext) -> bool:
    """Tell whether the party is the taxpayer whose register this is."""
    return bool(
        (context.taxpayer_vat and party.vat_code == context.taxpayer_vat)
        or (context.taxpayer_code and party.registration_code == context.taxpayer_code)
    )


def farmer(party: Party) -> Findings:
    """A farmer's VAT field says ND (14401: his code stands there; 14402: both are filled).

    A Lithuanian VAT payer is no such farmer; then it is the tax code that is wrong (14311).
    """
    vat = party.vat_code
    if vat in {"", NOT_KNOWN} or lt_vat_is_valid(normalise_vat(vat)):
        return CLEAN
    fault = "14402" if party.registration_code not in {"", NOT_KNOWN} else "14401"
    return (Finding(fault, VAT, vat),)


@lru_cache(maxsize=8192)
def home_of(vat_code: str, country: str) -> Home:
    """Tell where a supplier is registered for VAT, or lives when it has no VAT code.

    A person of an EU country without a VAT code is UNKNOWN: no fault code speaks of him.
    """
    prefix = vat_prefix(vat_code) if vat_code != NOT_KNOWN else ""
    if prefix == "LT":
        return Home.LITHUANIA
    if prefix in EU_VAT_PREFIXES:
        return Home.EU
    return Home.OTHER if _is_overseas(prefix) or _is_overseas(country) else Home.UNKNOWN


@lru_cache(maxsize=8192)
def _judge(vat: str, code: str, country: str, named: bool, codes: PartyCodes) -> Findings:  # noqa: FBT001
    party = Party("", vat, code, country, NOT_KNOWN if named else "")
    return tuple(found for rule in RULES for found in rule(party, codes))


def _vat_form(vat: str, country: str, fault: str) -> Findings:
    if not vat or vat == NOT_KNOWN or (_is_overseas(country) and not vat_prefix(vat)):
        return CLEAN
    reason = _why_not_a_vat_code(vat)
    return (Finding(fault, VAT, vat, reason, _expected(vat, reason)),) if reason else CLEAN


def _why_not_a_vat_code(vat: str) -> str:
    tidy = normalise_vat(vat)
    prefix = vat_prefix(tidy)
    if not prefix:
        return _why_without_prefix(vat, tidy)
    if prefix == "LT":
        reason = _why_not_lithuanian(tidy)
    elif prefix in EU_VAT_PREFIXES:
        reason = _why_not_of_the_union(tidy, prefix)
    else:
        reason = _why_not_foreign(vat, tidy, prefix)
    return reason or _why_untidy(vat, tidy, prefix)


def _why_without_prefix(vat: str, tidy: str) -> str:
    if lt_vat_is_valid(f"LT{tidy}"):
        return "prefix-missing"
    return "not-a-code" if vat.strip().upper() in _SAYING_NOTHING else "no-prefix"


def _why_not_lithuanian(tidy: str) -> str:
    digits = tidy[2:]
    if not digits:
        return "prefix-only"
    if not (digits.isascii() and digits.isdigit() and len(digits) in {9, 12}):
        return "lt-length"
    return "" if lt_vat_is_valid(tidy) else "lt-check"


def _why_not_of_the_union(tidy: str, prefix: str) -> str:
    if tidy == prefix:
        return "prefix-only"
    if not VAT_FORMS[prefix].fullmatch(tidy[2:]):
        return "foreign-form"
    return "" if eu_vat_is_valid(tidy) else "foreign-check"


def _why_not_foreign(vat: str, tidy: str, prefix: str) -> str:
    if vat.strip().upper() in _SAYING_NOTHING or not any(map(str.isdigit, tidy)):
        return "not-a-code"
    return "" if prefix in _countries() or tidy[2:3].isalpha() else "unknown-prefix"


def _why_untidy(vat: str, tidy: str, prefix: str) -> str:
    if prefix not in EU_VAT_PREFIXES or vat == tidy:
        return ""
    return "lower-case" if vat.upper() == tidy else "separators"


def _expected(vat: str, reason: str) -> Mapping[str, str]:
    """Say what to write where that follows from what was written; else only the invoice knows."""
    tidy = normalise_vat(vat)
    expected = {"prefix-missing": f"LT{tidy}", "separators": tidy, "lower-case": tidy}
    return {"expected": expected.get(reason, ""), "prefix": vat_prefix(tidy)}


def _vat_country(vat: str, country: str, fault: str) -> Findings:
    prefix = vat_prefix(vat)
    if not country or prefix not in EU_VAT_PREFIXES or prefix_fits_country(prefix, country):
        return CLEAN
    if country not in _countries() or not any(map(str.isdigit, vat)):
        return CLEAN
    return (Finding(fault, COUNTRY, country, "", {"prefix": prefix, "vat": vat}),)


def _code_form(code: str, vat: str, country: str, fault: str) -> Findings:
    if code == NOT_KNOWN or not _is_lithuanian(vat, country) or taxpayer_code_kind(code):
        return CLEAN
    return (Finding(fault, CODE, code, _why_not_a_taxpayer_code(code)),)


def _why_not_a_taxpayer_code(code: str) -> str:
    if code == "LT":
        return "country-in-code"
    if lt_vat_is_valid(normalise_vat(code)):
        return "vat-in-code"
    if code.isascii() and code.isdigit() and len(code) in {9, 11}:
        return "check"
    return "form"


def _is_lithuanian(vat: str, country: str) -> bool:
    return vat_prefix(vat) == "LT" or (country == "LT" and vat in {"", NOT_KNOWN})


def _country(country: str, fault: str) -> Findings:
    if country in _countries():
        return CLEAN
    if country == NOT_KNOWN:
        return (Finding(fault, COUNTRY, country, "nd"),)
    if country in _OTHER_NAMES:
        params = {"expected": _OTHER_NAMES[country]}
        return (Finding(fault, COUNTRY, country, "other-name", params),)
    if country.upper() in _countries():
        return (Finding(fault, COUNTRY, country, "lower-case", {"expected": country.upper()}),)
    return (Finding(fault, COUNTRY, country),)


def _is_overseas(country: str) -> bool:
    return country in _countries() and country not in EU_VAT_PREFIXES | {"GR"}


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(row["code"] for row in rows("countries.csv"))
