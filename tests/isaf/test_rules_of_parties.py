"""Suppliers, buyers and settling parties: each code with what triggers it and what nearly does."""

import pytest

from isaf import rules
from isaf.types import Party, PartyKind, RegisterType
from tests.isaf import make

CASES = [
    # meaning, reason, what is wrong, what is nearly wrong
    ("form", "prefix-missing", {"vat_code": "119511515"}, {"vat_code": "LT119511515"}),
    ("form", "prefix-only", {"vat_code": "LT"}, {"vat_code": "LT119511515"}),
    ("form", "prefix-only", {"vat_code": "DE"}, {"vat_code": "DE136695976"}),
    ("form", "no-prefix", {"vat_code": "123456789"}, {"vat_code": "77012345", "country": "RU"}),
    ("form", "not-a-code", {"vat_code": "nėra"}, {"vat_code": "ND", "registration_code": "ND"}),
    ("form", "not-a-code", {"vat_code": "UAB"}, {"vat_code": "UA123456789012"}),
    ("form", "lt-length", {"vat_code": "LT1000000000000"}, {"vat_code": "LT100001919017"}),
    ("form", "lt-check", {"vat_code": "LT119511516"}, {"vat_code": "LT119511515"}),
    ("form", "foreign-form", {"vat_code": "DE12345"}, {"vat_code": "DE136695976"}),
    ("form", "foreign-check", {"vat_code": "DE136695970"}, {"vat_code": "DE136695976"}),
    ("form", "unknown-prefix", {"vat_code": "QQ123456"}, {"vat_code": "CHE-123.456.788"}),
    ("form", "separators", {"vat_code": "LT 119511515"}, {"vat_code": "LT119511515"}),
    ("form", "lower-case", {"vat_code": "lt119511515"}, {"vat_code": "LT119511515"}),
    ("vat-country", "", {"country": "LV"}, {"country": "LT"}),
    (
        "vat-country",
        "",
        {"vat_code": "EL094259216", "country": "CY"},
        {"vat_code": "EL094259216", "country": "GR"},
    ),
    (
        "vat-country",
        "",
        {"vat_code": "XI110305878", "country": "IE"},
        {"vat_code": "XI110305878", "country": "GB"},
    ),
    ("unknown", "country-in-code", {"registration_code": "LT"}, {"registration_code": "ND"}),
    (
        "unknown",
        "vat-in-code",
        {"registration_code": "LT119511515"},
        {"registration_code": "119511515"},
    ),
    ("unknown", "check", {"registration_code": "304823024"}, {"registration_code": "304823023"}),
    (
        "unknown",
        "form",
        {"registration_code": "AB-1"},
        {"registration_code": "AB-1", "vat_code": "DE136695976"},
    ),
    (
        "country-empty",
        "",
        {"vat_code": "ND", "registration_code": "ND"},
        {"vat_code": "LT119511515"},
    ),
    ("country", "", {"country": "QQ"}, {"country": "LT"}),
    ("country", "nd", {"country": "ND"}, {"country": ""}),
    (
        "country",
        "other-name",
        {"vat_code": "EL094259216", "country": "EL"},
        {"vat_code": "EL094259216", "country": "GR"},
    ),
    ("country", "lower-case", {"country": "lt"}, {"country": "LT"}),
    ("name", "", {"name": ""}, {"name": "ND"}),
]

CODES = {
    "supplier": {
        "form": "14004",
        "vat-country": "14005",
        "unknown": "14006",
        "country-empty": "14008",
        "country": "14009",
        "name": "14010",
    },
    "buyer": {
        "form": "14026",
        "vat-country": "14027",
        "unknown": "14030",
        "country-empty": "14033",
        "country": "14032",
        "name": "14034",
    },
    "payer": {
        "form": "14057",
        "vat-country": "14058",
        "unknown": "14059",
        "country-empty": "14061",
        "country": "14060",
        "name": "14062",
    },
}


def _found(role: str, party: Party) -> set[tuple[str, str]]:
    context = make.context()
    if role == "supplier":
        problems = rules.invoice_problems(make.purchase(party=party), context)
    elif role == "buyer":
        problems = rules.invoice_problems(make.sale(party=party), context)
    else:
        problems = rules.settlement_problems(make.settlement(party=party), context)
    return {(problem.code, problem.reason) for problem in problems}


@pytest.mark.parametrize("role", ["supplier", "buyer", "payer"])
@pytest.mark.parametrize(("meaning", "reason", "wrong", "right"), CASES)
def test_a_party_is_judged_alike_in_every_role(
    role: str, meaning: str, reason: str, wrong: dict[str, str], right: dict[str, str]
) -> None:
    code = CODES[role][meaning]
    assert (code, reason) in _found(role, make.party(**wrong))
    assert code not in {found for found, _ in _found(role, make.party(**right))}


NOT_IDENTIFIED = [
    ("supplier", "14070", {"vat_code": ""}),
    ("supplier", "14070", {"vat_code": "ND", "country": "LT"}),
    ("buyer", "14029", {"vat_code": ""}),
    ("buyer", "14029", {"vat_code": "ND", "country": "LT"}),
    ("payer", "14056", {"vat_code": ""}),
    ("payer", "14059", {"vat_code": "ND", "country": "LT"}),
]


@pytest.mark.parametrize(("role", "code", "wrong"), NOT_IDENTIFIED)
def test_a_party_without_any_code_is_not_identified(
    role: str, code: str, wrong: dict[str, str]
) -> None:
    assert (code, "") in _found(role, make.party(**wrong))
    known = {**wrong, "vat_code": "ND", "registration_code": "ND", "country": "LT"}
    assert _found(role, make.party(**known)) == set()


BLANK = Party("17", "", "", "", "")


def test_a_party_of_the_master_file_is_found_there() -> None:
    context = make.context(customers={"17": make.party()}, suppliers={"17": make.party()})
    assert list(rules.invoice_problems(make.sale(party=BLANK), context)) == []
    assert list(rules.invoice_problems(make.purchase(party=BLANK), context)) == []
    assert list(rules.settlement_problems(make.settlement(party=BLANK), context)) == []


@pytest.mark.parametrize(
    ("role", "code"), [("supplier", "14070"), ("buyer", "14029"), ("payer", "14056")]
)
def test_a_party_missing_from_the_master_file_is_named(role: str, code: str) -> None:
    assert (code, "not-in-master") in _found(role, BLANK)
    assert (code, "") in _found(role, Party("", "", "", "", ""))


@pytest.mark.parametrize(
    ("kind", "code", "register"),
    [
        (PartyKind.SUPPLIER, "14004", RegisterType.PURCHASE),
        (PartyKind.CUSTOMER, "14026", RegisterType.SALES),
    ],
)
def test_a_wrong_party_of_the_master_file_is_found_there(
    kind: PartyKind, code: str, register: RegisterType
) -> None:
    (problem,) = rules.master_problems(make.master(kind, vat_code="LT"), make.context())
    assert (problem.code, problem.place.register, problem.place.line) == (code, register, 3)
    assert problem.place.path.endswith("[1]/VATRegistrationNumber")


def test_a_code_of_the_union_is_not_asked_for_a_country() -> None:
    assert _found("buyer", make.party("DE136695976")) == set()


def test_a_party_in_order_in_the_master_file_has_no_problems() -> None:
    assert list(rules.master_problems(make.master(), make.context())) == []


def test_what_is_expected_is_never_what_was_found() -> None:
    for _, _, wrong, _ in CASES:
        found = rules.invoice_problems(make.sale(party=make.party(**wrong)), make.context())
        for problem in found:
            assert problem.params.get("expected") != problem.value
