"""Numbers, dates, marks and totals: each code with what triggers it and what nearly does."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from isaf import rules
from isaf.rules import tax
from isaf.rules.limits import limit_on
from isaf.types import DateRange, FileContext, Invoice, Reference
from tests.isaf import make
from tests.isaf.make import purchase, row, sale

NEXT_YEAR, LAST_YEAR = date(2027, 1, 1), date(2025, 10, 5)
REFERENCE = (Reference("AA 0", date(2025, 12, 1)),)
GERMAN, SWISS = make.party("DE136695976"), make.party("CHE-123.456.788", country="CH")
FARMER: dict[str, Any] = {"country": "LT", "registration_code": "12345"}
FARM = row("100.00", "PVM49", "6", "6.00")
OF_2025 = row("100.00", "PVM2", "9", "9.00")

CASES: list[tuple[str, str, Invoice, Invoice]] = [
    # code, reason, an invoice that is wrong, one that is nearly so
    ("14012", "", purchase(number="AA"), purchase(number="AA1")),
    ("14035", "", sale(number="AA"), sale(number="AA1")),
    ("isaf.number-with-nr", "", sale(number="AA Nr. 1"), sale(number="NR1")),
    ("isaf.number-with-nr", "", purchase(number="AA nr 1"), purchase(number="ENR 1")),
    ("14013", "", purchase(issued=NEXT_YEAR), purchase(issued=date(2026, 10, 31))),
    ("14036", "", sale(issued=NEXT_YEAR), sale(issued=date(2026, 10, 31))),
    (
        "14014",
        "",
        purchase(issued=LAST_YEAR),
        purchase(issued=LAST_YEAR, registered=date(2026, 10, 1)),
    ),
    (
        "14019",
        "",
        purchase(issued=LAST_YEAR, registered=date(2026, 9, 30)),
        purchase(registered=date(2026, 9, 30)),
    ),
    ("14407", "", purchase(issued=date(2026, 11, 1)), purchase(issued=date(2026, 10, 31))),
    ("14037", "before", sale(issued=date(2026, 9, 30)), sale(issued=date(2026, 10, 1))),
    ("14037", "after", sale(issued=date(2026, 11, 1)), sale(issued=date(2026, 10, 31))),
    ("14037", "before", sale(issued=date(2024, 2, 29)), sale(issued=date(2026, 10, 1))),
    ("14037", "another-year", sale(issued=LAST_YEAR), sale()),
    ("14018", "future", purchase(vat_point=NEXT_YEAR), purchase(vat_point=make.TODAY)),
    ("14018", "old", purchase(vat_point=date(2025, 10, 3)), purchase(vat_point=date(2026, 1, 3))),
    ("14044", "future", sale(vat_point=NEXT_YEAR), sale(vat_point=make.TODAY)),
    ("14044", "old", sale(vat_point=date(2025, 10, 3)), sale(vat_point=date(2026, 1, 3))),
    (
        "14052",
        "future",
        sale(row(vat_point=NEXT_YEAR)),
        sale(row(), row(code="PVM3", rate="5", amount="5", vat_point=make.TODAY)),
    ),
    ("14017", "", purchase(references=REFERENCE), purchase(references=REFERENCE, type="KS")),
    ("14040", "", sale(references=REFERENCE), sale(references=REFERENCE, type="VD")),
    ("14016", "", purchase(special="T"), purchase()),
    ("14038", "", sale(special="T"), sale(special="T", type="AN")),
    (
        "14020",
        "",
        purchase(row(), row()),
        purchase(row(), row(code="PVM3", rate="5", amount="5.00")),
    ),
    (
        "14020",
        "nil",
        purchase(row(code=""), row(code="")),
        purchase(row(code=""), row(code="", rate="5", amount="5")),
    ),
    ("14045", "", sale(row(), row()), sale(row(), row(vat_point=date(2026, 10, 1)))),
    ("14047", "", sale(row("0.00", amount="0.00")), sale(row("0.00", amount="0.00"), type="AN")),
    (
        "14048",
        "total",
        sale(row("-1.00", amount="-0.21")),
        sale(row("-1.00", amount="-0.21"), type="KS"),
    ),
    (
        "14048",
        "",
        sale(row(), row("-1.00", "PVM3", "5", "-0.05")),
        sale(row(), row("1.00", "PVM3", "5", "0.05")),
    ),
    ("14022", "not-in-the-list", purchase(row(code="PVM999")), purchase(row(code=""))),
    ("14022", "not-for-register", purchase(row(code="PVM12", rate="0", amount="0")), purchase()),
    ("14022", "import-vat", purchase(row(code="PVM23")), purchase(row(code="PVM25"))),
    ("14022", "expired", purchase(OF_2025), purchase(OF_2025, vat_point=date(2025, 12, 31))),
    (
        "14049",
        "not-in-the-list",
        sale(row(code="PVM999")),
        sale(row(code="PVM100", rate=None, amount=None)),
    ),
    ("14049", "missing", sale(row(code="")), sale()),
    (
        "14049",
        "not-for-register",
        sale(row(code="PVM45", rate="5", amount="5")),
        sale(row(code="PVM25")),
    ),
    ("14049", "import-vat", sale(row(code="PVM24")), sale()),
    ("14049", "expired", sale(OF_2025), sale(OF_2025, type="KS")),
    (
        "14049",
        "not-yet",
        sale(row(code="PVM58", rate="12", amount="12", vat_point=LAST_YEAR)),
        sale(row(code="PVM58", rate="12", amount="12")),
    ),
    ("14023", "", purchase(row(rate="5", amount="5.00")), purchase(row(rate="21.00"))),
    (
        "14023",
        "no-such-rate",
        purchase(row(code="", rate="9", amount="9")),
        purchase(row(code="", rate="9", amount="9"), vat_point=date(2025, 12, 31)),
    ),
    ("14050", "", sale(row(rate="18", amount="18")), sale(row(rate="21.00"))),
    ("14050", "missing", sale(row(rate=None)), sale(row(code="PVM5", rate=None, amount=None))),
    (
        "14050",
        "nine-for-twelve",
        sale(row(code="PVM58", rate="9", amount="9")),
        sale(row(code="PVM58", rate="12", amount="12")),
    ),
    (
        "14050",
        "twelve-for-nine",
        sale(row(code="PVM2", rate="12", amount="12")),
        sale(OF_2025, type="KS"),
    ),
    ("14050", "fraction", sale(row(rate="0.21")), sale(row(code="PVM100", rate="0.21"))),
    (
        "14050",
        "zero-for-none",
        sale(row(code="PVM5", rate="0", amount="0")),
        sale(row(code="PVM5", rate=None, amount="0")),
    ),
    (
        "14050",
        "rate-for-none",
        sale(row(code="PVM5")),
        sale(row(code="PVM14", rate="0", amount="0")),
    ),
    ("14024", "", purchase(row(amount="21.51")), purchase(row(amount="21.50"))),
    ("14024", "gross-in-amount", purchase(row(amount="121.00")), purchase(row(amount=None))),
    (
        "14024",
        "vat-without-rate",
        purchase(row(code="PVM5", rate=None, amount="4")),
        purchase(row(code="PVM48", rate=None, amount="4")),
    ),
    ("14051", "", sale(row(amount="30.00")), sale(row(amount="20.50"))),
    (
        "14051",
        "gross-in-amount",
        sale(row("24.78", amount="29.98")),
        sale(row("24.78", amount="5.20")),
    ),
    ("14051", "gross-in-taxable", sale(row("121.00")), sale(row("100.00"))),
    (
        "14051",
        "sign",
        sale(row("-100.00"), type="KS"),
        sale(row("-100.00", amount="-21.00"), type="KS"),
    ),
    ("14051", "missing", sale(row(amount=None)), sale(row(code="PVM25", amount=None))),
    ("14051", "missing", sale(row(amount="0")), sale(row(code="PVM32", amount="0"))),
    ("14300", "", purchase(row(code=""), party=GERMAN), purchase(row(code=""))),
    ("14300", "", purchase(row(code=""), party=SWISS), purchase(row(code="PVM20"), party=SWISS)),
    ("14311", "", purchase(row(code="PVM21")), purchase(row(code="PVM21"), party=GERMAN)),
    (
        "14312",
        "",
        purchase(row(code="PVM21"), party=SWISS),
        purchase(row(code="PVM20"), party=SWISS),
    ),
    ("14312", "", purchase(row(), party=SWISS), purchase(row())),
    (
        "14400",
        "",
        sale(row(code="PVM13", rate="0", amount="0"), party=SWISS),
        sale(row(code="PVM13", rate="0", amount="0"), party=GERMAN),
    ),
    ("14400", "lithuanian", sale(row(code="PVM13", rate="0", amount="0")), sale()),
    ("14315", "", sale(type="DS", party=make.party(make.OWN_VAT)), sale(type="DS")),
    (
        "14315",
        "",
        sale(type="VD", party=make.party(make.OWN_VAT)),
        sale(row(code="PVM6"), party=make.party(make.OWN_VAT)),
    ),
    ("isaf.supplier-is-taxpayer", "", purchase(party=make.party(make.OWN_VAT)), purchase()),
    (
        "14401",
        "",
        purchase(FARM, party=make.party("12345")),
        purchase(FARM, party=make.party("ND", **FARMER)),
    ),
    (
        "14402",
        "",
        purchase(FARM, party=make.party("12345", **FARMER)),
        purchase(FARM, party=make.party("ND", **FARMER)),
    ),
]


def _found(invoice: Invoice, context: FileContext | None = None) -> list[tuple[str, str]]:
    problems = rules.invoice_problems(invoice, context or make.context())
    return [(problem.code, problem.reason) for problem in problems]


@pytest.mark.parametrize(("code", "reason", "wrong", "right"), CASES)
def test_a_code_is_given_to_what_is_wrong_and_not_to_what_is_nearly_so(
    code: str, reason: str, wrong: Invoice, right: Invoice
) -> None:
    assert (code, reason) in _found(wrong)
    assert code not in {found for found, _ in _found(right)}


def test_an_invoice_in_order_has_no_problems() -> None:
    assert _found(sale()) == []
    assert _found(purchase(row(code=""), registered=date(2026, 10, 7))) == []


@pytest.mark.parametrize(("make_one", "code"), [(purchase, "14015"), (sale, "14039")])
def test_the_mark_is_missed_only_while_registered(
    make_one: Callable[..., Invoice], code: str
) -> None:
    registered = make.context(cash_accounting=(DateRange(date(2026, 1, 1), date(2026, 10, 5)),))
    assert _found(make_one(), registered) == [(code, "")]
    assert _found(make_one(special="T"), registered) == []
    assert _found(make_one(issued=date(2026, 10, 6)), registered) == []


def test_nothing_is_said_of_the_mark_when_the_registration_is_unknown() -> None:
    assert _found(sale(special="T"), make.context(cash_accounting=None)) == []


def test_a_credit_note_may_keep_the_rate_of_its_time() -> None:
    credited = row("-100.00", "PVM2", "9", "-9.00")
    assert _found(sale(credited, type="KS", references=REFERENCE)) == []
    assert _found(purchase(row("-10.00", "", "9", "-0.90"), type="KS")) == []


def test_a_problem_says_where_it_is_and_what_was_expected() -> None:
    (problem,) = rules.invoice_problems(
        sale(row(), row("24.78", "PVM3", "5", "26.02"), position=4), make.context()
    )
    assert problem.place.path == (
        "SourceDocuments/SalesInvoices/Invoice[5]/DocumentTotals/DocumentTotal[2]/Amount"
    )
    assert (problem.place.line, problem.place.invoice_no) == (7, "AA 1")
    assert (problem.value, problem.params["expected"]) == ("26.02", "1.24")


def test_reverse_charge_may_show_the_tax_or_not() -> None:
    for amount in ("21.00", "0.00", None):
        assert _found(sale(row(code="PVM25", amount=amount))) == []


def test_the_tolerance_is_that_of_the_day_of_supply(monkeypatch: pytest.MonkeyPatch) -> None:
    changed_on = date(2026, 10, 5)

    def stricter(_code: str, day: date) -> Decimal:
        return Decimal("0.10") if day >= changed_on else Decimal("0.50")

    monkeypatch.setattr(tax, "limit_on", stricter)
    tax.meaning_of.cache_clear()
    try:
        earlier = purchase(row(amount="21.30"), vat_point=date(2026, 10, 4))
        later = purchase(row(amount="21.30"), vat_point=changed_on)
        found = [[code for code, _ in _found(one)] for one in (earlier, later)]
    finally:
        tax.meaning_of.cache_clear()
    assert found == [[], ["14024"]]


def test_a_limit_that_is_not_in_the_table_is_an_error_of_the_house() -> None:
    assert limit_on("vat-tolerance", date(2026, 10, 5)) == Decimal("0.50")
    with pytest.raises(LookupError):
        limit_on("no-such-limit", date(2026, 10, 5))
