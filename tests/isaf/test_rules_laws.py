"""Laws that hold for any invoice at all."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from imas.kernel.problems import Problem
from isaf import messages, rules
from isaf.types import (
    DateRange,
    FileContext,
    Invoice,
    Party,
    Reference,
    RegisterType,
    SettledInvoice,
    Settlement,
    SettlementKind,
    TaxRow,
)
from tests.isaf import make

texts = st.text(max_size=8) | st.sampled_from(["", "ND", "LT", "LT119511515", "DE136695976", "-"])
dates = st.dates() | st.dates(date(2025, 10, 1), date(2026, 12, 31))
money = st.decimals(-(10**9), 10**9, places=2)
codes = st.sampled_from(["", "PVM", "PVM1", "PVM5", "PVM13", "PVM49", "PVM58", "PVM100", "PVM999"])
rates = st.none() | st.decimals(0, 999, places=2)
parties = st.builds(Party, texts, texts, texts, texts, texts)
rows = st.builds(TaxRow, money, codes, rates, st.none() | money, st.none() | dates)
invoices = st.builds(
    Invoice,
    register=st.sampled_from([RegisterType.SALES, RegisterType.PURCHASE]),
    position=st.integers(0, 499_999),
    line=st.integers(1, 10**7),
    number=texts,
    party=parties,
    issued=dates,
    type=st.sampled_from(["", "SF", "DS", "KS", "VS", "VD", "VK", "AN"]),
    special=st.sampled_from(["", "T"]),
    references=st.lists(st.builds(Reference, texts, dates), max_size=2).map(tuple),
    vat_point=st.none() | dates,
    registered=st.none() | dates,
    rows=st.lists(rows, min_size=1, max_size=4).map(tuple),
)
settlements = st.builds(
    Settlement,
    position=st.integers(0, 9),
    line=st.integers(1, 99),
    kind=st.sampled_from(list(SettlementKind)),
    reference=texts,
    date=dates,
    party=parties,
    invoices=st.lists(
        st.builds(SettledInvoice, texts, dates, money, money), min_size=1, max_size=3
    ).map(tuple),
)
contexts = st.builds(
    make.context,
    cash_accounting=st.sampled_from([None, (), (DateRange(date(2020, 1, 1), None),)]),
)


def _sorted(problems: list[Problem]) -> Counter[tuple[str, str]]:
    return Counter((problem.code, problem.reason) for problem in problems)


@given(invoices, contexts)
def test_any_invoice_is_judged_and_every_finding_has_words(
    invoice: Invoice, context: FileContext
) -> None:
    for problem in rules.invoice_problems(invoice, context):
        assert messages.render(problem, "en")
        assert problem.severity is rules.severity(problem.code, context.today, problem.reason)
        assert all(isinstance(value, str) for value in problem.params.values())


@given(settlements, contexts)
def test_any_settlement_is_judged_and_every_finding_has_words(
    settlement: Settlement, context: FileContext
) -> None:
    for problem in rules.settlement_problems(settlement, context):
        assert messages.render(problem, "en")


@given(invoices, contexts)
def test_the_order_of_rows_changes_only_positions(invoice: Invoice, context: FileContext) -> None:
    turned = replace(invoice, rows=invoice.rows[::-1])
    assert _sorted(list(rules.invoice_problems(turned, context))) == _sorted(
        list(rules.invoice_problems(invoice, context))
    )


@given(invoices, contexts)
def test_the_place_in_the_file_changes_no_finding(invoice: Invoice, context: FileContext) -> None:
    moved = replace(invoice, position=0, line=1)
    assert _sorted(list(rules.invoice_problems(moved, context))) == _sorted(
        list(rules.invoice_problems(invoice, context))
    )


@given(st.integers(1, 10**9), st.sampled_from(["21", "5"]), st.booleans())
def test_an_amount_rounded_from_its_base_is_never_doubted(
    cents: int, rate: str, credit: bool
) -> None:
    taxable = Decimal(cents) / 100 * (-1 if credit else 1)
    amount = (taxable * Decimal(rate) / 100).quantize(Decimal("0.01"))
    code = "PVM1" if rate == "21" else "PVM3"
    row = TaxRow(taxable, code, Decimal(rate), amount)
    invoice = make.sale(row, type="KS" if credit else "SF")
    assert list(rules.invoice_problems(invoice, make.context())) == []
