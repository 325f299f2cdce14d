"""Every quirk of real programs gets one sentence that names the element and the mend."""

import re

import pytest

from imas.kernel.problems import Problem
from isaf.messages import render
from tests.isaf.test_parsing_laws import WHOLE, ours

TEXT = WHOLE.decode()


def within(start: str, old: str, new: str) -> str:
    """Replace the first `old` after the first `start`."""
    at = TEXT.index(start)
    return TEXT[:at] + TEXT[at:].replace(old, new, 1)


def in_sale(old: str, new: str) -> str:
    return within("<SalesInvoices>", old, new)


def in_purchase(old: str, new: str) -> str:
    return within("<PurchaseInvoices>", old, new)


def in_header(old: str, new: str) -> str:
    return within("<Header>", old, new)


NIL = ' xsi:nil="true"/>'
CASES: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "row date missing on a sale": (
        re.sub(r"\s*<VATPointDate2[^>]*>", "", TEXT, count=1),
        "11006",
        "missing-nillable",
        {"element": "VATPointDate2", "parent": "DocumentTotal"},
    ),
    "an element missing in the middle": (
        in_sale("<InvoiceType>KS</InvoiceType>", ""),
        "11006",
        "missing-element",
        {"element": "InvoiceType", "parent": "Invoice"},
    ),
    "code missing in the master file": (
        within("<Suppliers>", "<RegistrationNumber>119511515</RegistrationNumber>", ""),
        "11006",
        "missing-element",
        {"element": "RegistrationNumber", "parent": "Supplier"},
    ),
    "accounting date on a sale": (
        in_sale(f"<VATPointDate{NIL}", f"<VATPointDate{NIL}<RegistrationAccountDate{NIL}"),
        "11004",
        "purchase-element-on-sale",
        {"element": "RegistrationAccountDate"},
    ),
    "row date on a purchase": (
        in_purchase(f"<Amount{NIL}", f"<Amount{NIL}<VATPointDate2{NIL}"),
        "11004",
        "sale-element-on-purchase",
        {"element": "VATPointDate2"},
    ),
    "name written otherwise": (
        within(
            "<Payment>",
            "<VATRegistrationNumber>ND</VATRegistrationNumber>",
            "<vat_registration_number>ND</vat_registration_number>",
        ),
        "11004",
        "misspelt-element",
        {"element": "vat_registration_number", "expected": "VATRegistrationNumber"},
    ),
    "an element nobody knows": (
        in_sale("<InvoiceDate>", "<Quantity>1</Quantity><InvoiceDate>"),
        "11004",
        "unexpected-element",
        {"element": "Quantity", "parent": "Invoice"},
    ),
    "two elements in the wrong order": (
        in_sale(
            "<InvoiceType>KS</InvoiceType>\n        <SpecialTaxation>T</SpecialTaxation>",
            "<SpecialTaxation>T</SpecialTaxation>\n        <InvoiceType>KS</InvoiceType>",
        ),
        "11004",
        "wrong-order",
        {"element": "SpecialTaxation", "expected": "InvoiceType", "parent": "Invoice"},
    ),
    "an element twice": (
        in_sale("<InvoiceType>KS</InvoiceType>", "<InvoiceType>KS</InvoiceType>" * 2),
        "11004",
        "repeated-element",
        {"element": "InvoiceType"},
    ),
    "no namespace on an element": (
        in_sale("<InvoiceType>", '<InvoiceType xmlns="">'),
        "11004",
        "wrong-element-namespace",
        {"element": "InvoiceType"},
    ),
    "text between elements": (
        in_sale("<InvoiceDate>", "SF <InvoiceDate>"),
        "11004",
        "stray-text",
        {"element": "Invoice"},
    ),
    "an element in a value": (
        in_sale("<InvoiceType>KS", "<InvoiceType><b>KS</b>"),
        "11004",
        "element-in-value",
        {"element": "InvoiceType", "found": "b"},
    ),
    "an attribute": (
        in_sale("<InvoiceType>", '<InvoiceType kind="x">'),
        "11004",
        "unexpected-attribute",
        {"element": "InvoiceType", "attribute": "kind"},
    ),
    "empty instead of nil": (
        in_sale(f"<VATPointDate{NIL}", "<VATPointDate/>"),
        "11006",
        "empty-instead-of-nil",
        {"element": "VATPointDate"},
    ),
    "empty and not allowed to be": (
        in_sale("<InvoiceNo>A 0<", "<InvoiceNo><"),
        "11006",
        "empty-element",
        {"element": "InvoiceNo"},
    ),
    "nil and not allowed to be": (
        in_sale("<InvoiceDate>2026-10-02</InvoiceDate>", f"<InvoiceDate{NIL}"),
        "11006",
        "nil-not-allowed",
        {"element": "InvoiceDate"},
    ),
    "nil with a value": (
        in_sale(f"<VATPointDate{NIL}", '<VATPointDate xsi:nil="true">2026-10-01</VATPointDate>'),
        "11004",
        "nil-with-content",
        {"element": "VATPointDate"},
    ),
    "nil written yes": (
        in_sale(f"<VATPointDate{NIL}", '<VATPointDate xsi:nil="yes"/>'),
        "11004",
        "bad-nil",
        {"element": "VATPointDate"},
    ),
    "comma": (
        in_sale("-10.50", "-10,50"),
        "11004",
        "amount-with-comma",
        {"element": "TaxableValue"},
    ),
    "blanks in an amount": (in_sale("-10.50", "1 000.00"), "11004", "amount-with-blanks", {}),
    "binary noise": (in_sale("-10.50", "0.30000000000000004"), "11004", "amount-decimals", {}),
    "exponent": (in_sale("-10.50", "1E2"), "11004", "amount-exponent", {}),
    "amount too long": (in_sale("-10.50", "1" * 19), "11004", "amount-too-long", {"limit": "18"}),
    "not an amount": (in_sale("-10.50", "EUR"), "11004", "bad-amount", {}),
    "not a rate": (in_sale("<TaxPercentage>21", "<TaxPercentage>21%"), "11004", "bad-rate", {}),
    "not a date": (
        in_sale("2026-10-02", "02.10.2026"),
        "11004",
        "bad-date",
        {"element": "InvoiceDate"},
    ),
    "a date there is not": (in_sale("2026-10-02", "2026-02-30"), "11004", "bad-date", {}),
    "too early": (
        in_sale("2026-10-02", "2016-06-30"),
        "11004",
        "date-too-early",
        {"limit": "2016-07-01"},
    ),
    "too late": (
        in_sale("2026-10-02", "2100-01-02"),
        "11004",
        "date-too-late",
        {"limit": "2100-01-01"},
    ),
    "too long": (
        in_sale("A 0", "A" * 71),
        "11004",
        "too-long",
        {"element": "InvoiceNo", "limit": "70"},
    ),
    "country by name": (
        in_sale(f"<Country{NIL}", "<Country>Lietuva</Country>"),
        "11004",
        "bad-country-length",
        {},
    ),
    "no such type": (
        in_sale("<InvoiceType>KS", "<InvoiceType>PVM"),
        "11004",
        "not-in-list",
        {"expected": "SF, DS, KS, VS, VD, VK, AN"},
    ),
    "code in small letters": (in_sale("PVM1", "pvm1"), "11004", "bad-tax-code", {}),
    "part by name": (
        in_header("<PartNumber>1", "<PartNumber>Vilnius"),
        "11004",
        "bad-part-number",
        {},
    ),
    "other version": (
        in_header("iSAF1.2", "iSAF1.1"),
        "11004",
        "bad-version",
        {"expected": "iSAF1.2"},
    ),
    "date alone": (
        in_header("T10:00:00", ""),
        "11004",
        "bad-date-time",
        {"element": "FileDateCreated"},
    ),
    "code with prefix": (
        in_header(">304823023", ">LT304823023"),
        "11004",
        "bad-registration-number",
        {},
    ),
    "parts": (
        in_header(f"<NumberOfParts{NIL}", "<NumberOfParts>one</NumberOfParts>"),
        "11004",
        "bad-number-of-parts",
        {},
    ),
    "empty list": (
        re.sub(r"<Customers>.*</Customers>", "<Customers/>", TEXT, flags=re.DOTALL),
        "11004",
        "empty-container",
        {"element": "Customers", "expected": "Customer"},
    ),
    "sales before purchases": (
        re.sub(
            r"(<PurchaseInvoices>.*</PurchaseInvoices>)(\s*)(<SalesInvoices>.*</SalesInvoices>)",
            r"\3\2\1",
            TEXT,
            flags=re.DOTALL,
        ),
        "11004",
        "wrong-order",
        {"element": "SalesInvoices", "expected": "PurchaseInvoices"},
    ),
    "too many rows": (
        re.sub(
            r"(<DocumentTotal>.*?</DocumentTotal>)",
            lambda found: found[1] * 101,
            TEXT,
            count=1,
            flags=re.DOTALL,
        ),
        "11004",
        "too-many-elements",
        {"element": "DocumentTotal", "limit": "100"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_quirk_has_its_reason(case: str) -> None:
    text, code, reason, params = CASES[case]
    problem = _only(text)
    assert (problem.code, problem.reason) == (code, reason)
    assert params.items() <= problem.params.items()


@pytest.mark.parametrize("case", CASES)
def test_every_reason_has_words_of_its_own_in_both_languages(case: str) -> None:
    problem = _only(CASES[case][0])
    for language in ("lt", "en"):
        said = render(problem, language)
        assert "%(" not in said
        assert problem.params.get("element", "") in said
        assert said != render(Problem(problem.code, place=problem.place), language)


def test_a_fault_says_where_it_is() -> None:
    place = _only(in_sale(f"<Amount{NIL}", "<Amount>1,00</Amount>")).place
    assert (
        place.path == "SourceDocuments/SalesInvoices/Invoice[1]/DocumentTotals/DocumentTotal/Amount"
    )
    assert (place.register, place.invoice_no) == ("SALES_REGISTRY", "A 0")
    assert place.line is not None
    assert "Amount" in in_sale(f"<Amount{NIL}", "<Amount>1,00</Amount>").split("\n")[place.line - 1]


def test_all_faults_of_a_file_are_told() -> None:
    _, problems = ours(TEXT.replace("-10.50", "-10,50").encode())
    assert len(problems) == TEXT.count("-10.50")


def _only(text: str) -> Problem:
    _, problems = ours(text.encode())
    assert len(problems) == 1, problems
    return problems[0]
