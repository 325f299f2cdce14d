"""Files as real programs write them, each with the trait it is kept for, from the command line."""

import gzip
import json
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

SAMPLES = Path(__file__).parent / "samples"
TODAY = "2026-10-15"
CLEAN, FAULTY, UNREADABLE = 0, 1, 2

EXPECTED: dict[str, tuple[int, set[tuple[str, str]]]] = {
    "bom_fractions_of_seconds.xml": (CLEAN, set()),
    "one_line_with_credit_note.xml": (CLEAN, set()),
    "header_alone.xml": (CLEAN, set()),
    "windows_1257.xml": (CLEAN, set()),
    "period_of_the_invoices.xml": (FAULTY, {("12011", "")}),
    "empty_customers_and_no_code.xml": (
        FAULTY,
        {("11004", "empty-container"), ("11006", "missing-element")},
    ),
    "accounting_date_on_a_sale.xml": (FAULTY, {("11004", "purchase-element-on-sale")}),
    "type_p_with_sales.xml": (
        FAULTY,
        {
            ("11006", "empty-instead-of-nil"),
            ("11006", "missing-nillable"),
            ("isaf.data-type-mismatch", "p-with-sales"),
        },
    ),
    "type_p_with_valid_sales.xml": (CLEAN, {("isaf.data-type-mismatch", "p-with-sales")}),
    "gross_in_amount.xml": (
        FAULTY,
        {("14026", "prefix-only"), ("14030", "country-in-code"), ("14051", "gross-in-amount")},
    ),
    "sales_before_purchases.xml": (FAULTY, {("11004", "wrong-order")}),
    "misspelt_in_a_settlement.xml": (FAULTY, {("11004", "misspelt-element")}),
    "own_vocabulary.xml": (FAULTY, {("11010", "wrong-root")}),
}


def checked(*paths: Path, options: tuple[str, ...] = ()) -> tuple[int, str]:
    """Run the command; return its exit code and what it said."""
    out = StringIO()
    arguments = (*map(str, paths), f"--today={TODAY}", *options)
    with pytest.raises(SystemExit) as ended:
        call_command("check_file", *arguments, stdout=out, stderr=out)
    return int(ended.value.code or 0), out.getvalue()


def answer(*paths: Path) -> tuple[int, list[dict[str, Any]]]:
    code, said = checked(*paths, options=("--json",))
    return code, json.loads(said)


def found(item: dict[str, Any]) -> set[tuple[str, str]]:
    return {(problem["code"], problem["reason"]) for problem in item["problems"]}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gets_its_verdict(name: str) -> None:
    code, (item,) = answer(SAMPLES / name)
    assert (code, found(item)) == EXPECTED[name]
    assert item["kind"] == "isaf"


def test_traps_that_the_schema_lets_through_are_found() -> None:
    names = ("old_rate_with_new_code.xml", "outside_the_period.xml")
    _, (rate, period) = answer(*(SAMPLES / name for name in names))
    assert "14050" in {problem["code"] for problem in rate["problems"]}
    assert "14037" in {problem["code"] for problem in period["problems"]}


def test_every_sample_has_its_test() -> None:
    tried = {*EXPECTED, "old_rate_with_new_code.xml", "outside_the_period.xml"}
    assert {path.name for path in SAMPLES.iterdir()} == tried


def test_a_problem_is_told_in_both_languages_with_its_place() -> None:
    _, (item,) = answer(SAMPLES / "accounting_date_on_a_sale.xml")
    (problem,) = item["problems"]
    assert problem["message"].keys() == {"lt", "en"}
    assert "RegistrationAccountDate" in problem["message"]["en"]
    assert (problem["severity"], problem["line"], problem["invoice_no"]) == ("error", 1, "PRD-1")
    assert problem["system_code"] == "XSD_VALIDATION_FAILED"
    assert problem["register"] == "SALES_REGISTRY"


def test_packed_files_get_the_verdict_of_what_is_in_them(tmp_path: Path) -> None:
    plain = SAMPLES / "accounting_date_on_a_sale.xml"
    gz, archive = tmp_path / "a.xml.gz", tmp_path / "a.zip"
    gz.write_bytes(gzip.compress(plain.read_bytes()))
    with zipfile.ZipFile(archive, "w") as file:
        file.write(plain, "a.xml")
    _, items = answer(plain, gz, archive)
    assert items[0]["problems"] == items[1]["problems"] == items[2]["problems"] != []


def test_what_cannot_be_read_ends_with_two(tmp_path: Path) -> None:
    absent, other = tmp_path / "absent.xml", tmp_path / "other.xml"
    other.write_bytes(b"x")
    assert checked(absent)[0] == UNREADABLE
    assert checked(SAMPLES / "header_alone.xml", other)[0] == UNREADABLE


def test_without_json_each_fault_is_one_line() -> None:
    paths = SAMPLES / "sales_before_purchases.xml", SAMPLES / "header_alone.xml"
    _, said = checked(*paths, options=("--language=en",))
    faulty, clean = said.splitlines()
    assert "sales_before_purchases.xml:2: error 11004" in faulty
    assert clean.endswith("header_alone.xml: ok")


def test_a_made_file_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "made.xml"
    arguments = ("--invoices=30", "--seed=5", "--period=2026-09", f"--output={path}")
    call_command("make_isaf", *arguments)
    assert checked(path)[0] == CLEAN
