import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.lt import pvm

from imas.kernel import identifiers as ids
from imas.kernel.identifiers import TaxpayerCodeKind

LEGAL = ["188659752", "124110246", "123033512", "121215434", "110053842", "304823023"]


@pytest.mark.parametrize("code", LEGAL)
def test_known_legal_codes_are_valid(code: str) -> None:
    assert ids.taxpayer_code_kind(code) is TaxpayerCodeKind.LEGAL


@pytest.mark.parametrize("code", LEGAL)
def test_a_legal_code_with_another_check_digit_is_not_valid(code: str) -> None:
    assert not ids.legal_code_is_valid(code[:8] + str((int(code[8]) + 1) % 10))


@pytest.mark.parametrize("code", ["LT119511515", "LT100001919017", "LT290061371314"])
def test_published_vat_codes_are_valid(code: str) -> None:
    assert ids.lt_vat_is_valid(code)
    assert ids.eu_vat_is_valid(code)


@pytest.mark.parametrize("code", ["119511515", "LT119511516", "LT1000000000000", "ND", "", "LT"])
def test_what_is_no_lithuanian_vat_code_is_told(code: str) -> None:
    assert not ids.lt_vat_is_valid(code)


@pytest.mark.parametrize("code", ["EL094259216", "XI110305878"])
def test_greece_and_northern_ireland_are_known_by_their_prefix(code: str) -> None:
    assert ids.eu_vat_is_valid(code)


def test_prefixes_fit_their_countries() -> None:
    assert ids.prefix_fits_country("EL", "GR")
    assert ids.prefix_fits_country("XI", "GB")
    assert not ids.prefix_fits_country("LT", "LV")


def test_ten_digits_are_a_code_of_the_authority() -> None:
    assert ids.taxpayer_code_kind("1234567890") is TaxpayerCodeKind.VMI
    assert ids.taxpayer_code_kind("12345678") is None


def test_a_personal_code_needs_its_check_digit() -> None:
    assert ids.taxpayer_code_kind("33309240064") is TaxpayerCodeKind.PERSONAL
    assert not ids.personal_code_is_valid("33309240065")


@given(st.from_regex(r"([0-9]{7}|[0-9]{10})[01][0-9]", fullmatch=True))
def test_check_digits_are_those_of_the_published_rule(digits: str) -> None:
    assert ids.lt_vat_is_valid(f"LT{digits}") == pvm.is_valid(digits)
    if len(digits) == 9:
        assert ids.legal_code_is_valid(digits) == (pvm.calc_check_digit(digits[:8]) == digits[8])


@given(st.text(max_size=40))
def test_no_text_makes_a_check_crash(text: str) -> None:
    ids.taxpayer_code_kind(text)
    ids.lt_vat_is_valid(text)
    ids.eu_vat_is_valid(text)
    assert ids.normalise_vat(ids.normalise_vat(text)) == ids.normalise_vat(text)
    assert len(ids.vat_prefix(text)) in {0, 2}


@pytest.mark.parametrize(
    "typed",
    [
        "+370 600 12345",
        "+37060012345",
        "8 600 12345",
        "8-600-12345",
        "860012345",
        "0 600 12345",
        "(8 600) 12 345",
        "370 600 12345",
        "00370 600 12345",
    ],
)
def test_a_mobile_number_of_lithuania_is_known_however_it_is_written(typed: str) -> None:
    assert ids.normalise_phone(typed) == "+37060012345"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+48 501 234 567", "+48501234567"), ("0048 501 234 567", "+48501234567")],
)
def test_a_number_of_another_country_needs_its_code(typed: str, kept: str) -> None:
    assert ids.normalise_phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "501234567",
        "8 5 2123456",
        "+370 5 2123456",
        "+370 600 1234",
        "+0 600 12345",
        "+1234567",
        "+1234567890123456",
        "8 600 1234x",
        "+370 600 12345; ls",
        "+٣٧٠٦٠٠١٢٣٤٥",
    ],
)
def test_what_is_no_mobile_number_is_none(typed: str) -> None:
    assert ids.normalise_phone(typed) == ""


@given(st.text())
def test_a_number_in_its_one_spelling_stays_itself(typed: str) -> None:
    once = ids.normalise_phone(typed)
    assert not once or ids.normalise_phone(once) == once
