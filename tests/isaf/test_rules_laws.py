"""Laws that hold for any invoice at all."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imas.kernel.problems import Problem
from isaf import messages, rules
from isaf.rules import tax
from isaf.rules.invoices import OF_THE_KIND, RULES, kind_of
from isaf.rules.parties import RULES as PARTY_RULES
from isaf.rules.parties import SUPPLIER, is_plain_payer
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
likely_invoices = st.builds(
    make.sale,
    st.sampled_from([make.row(), make.row("50.00", "PVM3", "5", "2.50"), make.row("-100.00")]),
    register=st.sampled_from([RegisterType.SALES, RegisterType.PURCHASE]),
    number=st.sampled_from(["AA 1", "AB2", "AA", "Nr. 7"]),
    type=st.sampled_from(["", "SF", "DS", "KS", "AN"]),
    special=st.sampled_from(["", "T"]),
    issued=st.dates(date(2026, 9, 25), date(2026, 11, 5)),
    party=st.builds(make.party, st.sampled_from(["LT119511515", make.OWN_VAT, "DE136695976", ""])),
)
"""Of these many are clean."""
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


@given(st.data(), contexts)
def test_a_screen_passes_exactly_the_invoices_in_which_no_rule_finds_anything(
    data: st.DataObject, context: FileContext
) -> None:
    screens = rules.screens(context)
    for _ in range(3):
        first = data.draw(likely_invoices | invoices)
        alike = data.draw(_of_its_kind(first))
        for invoice in (first, alike, first):
            clean = not list(rules.invoice_problems(invoice, context))
            assert screens[invoice.register].passes(invoice) == clean


_ROW, _NEXT_YEAR = make.row(), date(2027, 1, 1)
_CHANGES: list[dict[str, Any]] = [
    {"issued": date(2026, 9, 30)},
    {"issued": date(2026, 11, 1)},
    {"issued": _NEXT_YEAR},
    {"type": "DS", "party": make.party(make.OWN_VAT)},
    {"type": "KS"},
    {"special": "T"},
    {"references": (Reference("AA 0", date(2026, 9, 1)),)},
    {"vat_point": _NEXT_YEAR},
    {"vat_point": date(2020, 1, 1)},
    {"issued": date(2026, 9, 30), "registered": date(2026, 10, 1)},
    {"issued": date(2026, 9, 30), "registered": date(2026, 9, 30)},
    {"rows": (_ROW, _ROW)},
    {"rows": (make.row("-100.00", amount="-21.00"),)},
    {"rows": (make.row("0.00", amount="0.00"),)},
    {"rows": (make.row("0.00", amount="0.00"),), "type": "AN"},
    {"rows": (make.row(amount="121.00"),)},
    {"rows": (make.row(code="PVM13"),)},
    {"rows": (make.row(code="PVM49"),)},
    {"rows": (make.row(code="PVM999"),)},
    {"rows": (make.row(rate="9"),)},
    {"rows": (make.row(rate=None),)},
    {"rows": (make.row(vat_point=_NEXT_YEAR),)},
    {"number": "AA"},
    {"number": "Nr. 7"},
    {"party": make.party("LT119511516")},
    {"party": make.party("")},
]


@pytest.mark.parametrize("cash_accounting", [None, (), (DateRange(date(2020, 1, 1), None),)])
@pytest.mark.parametrize("register", [RegisterType.SALES, RegisterType.PURCHASE])
def test_a_screen_is_not_taken_in_by_an_invoice_like_a_clean_one(
    register: RegisterType, cash_accounting: tuple[DateRange, ...] | None
) -> None:
    context = make.context(cash_accounting=cash_accounting)
    for known, change in product(_CHANGES, _CHANGES):
        screen = rules.screens(context)[register]
        base = replace(make.sale(), register=register)
        for invoice in (base, replace(base, **known), replace(base, **known | change)):
            clean = not list(rules.invoice_problems(invoice, context))
            assert screen.passes(invoice) == clean


@given(st.data(), contexts)
def test_rules_of_the_kind_find_something_in_both_of_two_of_a_kind_or_in_neither(
    data: st.DataObject, context: FileContext
) -> None:
    one = data.draw(likely_invoices | invoices)
    other = data.draw(_of_its_kind(one))
    assert kind_of(one) == kind_of(other)
    for rule in OF_THE_KIND & set(RULES[one.register]):
        assert bool(rule(one, context)) == bool(rule(other, context))


def test_every_rule_of_the_kind_is_a_rule_of_some_register() -> None:
    assert set().union(*RULES.values()) >= OF_THE_KIND
    assert set(tax.RULES) >= tax.OF_THE_KIND


@given(
    st.sampled_from(["LT119511515", "LT100001919017", "LT119511516", "lt119511515"]) | texts,
    st.sampled_from(["", "ND", "304823023", "304823024", "33309240064", "LT119511515"]) | texts,
    st.sampled_from(["", "LT", "LV", "ND", "lt"]) | texts,
)
def test_no_rule_finds_anything_in_a_plain_payer(vat: str, code: str, country: str) -> None:
    party = Party("", vat, code, country, "UAB Bandymas")
    found = [rule(party, SUPPLIER) for rule in PARTY_RULES]
    assert not any(found) or not is_plain_payer(vat, code, country)


def _of_its_kind(invoice: Invoice) -> st.SearchStrategy[Invoice]:
    """Invoices that differ from this one in everything but their kind."""
    sizes = st.decimals("0.01", 10**9, places=2)
    rows = st.tuples(
        *(
            st.builds(
                replace,
                st.just(row),
                taxable=sizes.map(_sign(row.taxable).__mul__),
                amount=st.none() | money | st.just(row.amount),
            )
            for row in invoice.rows
        )
    )
    references = st.lists(st.builds(Reference, texts, dates), min_size=1, max_size=2).map(tuple)
    return st.builds(
        replace,
        st.just(invoice),
        number=texts | st.just(invoice.number),
        party=parties | st.just(invoice.party),
        references=references if invoice.references else st.just(()),
        rows=rows | st.just(invoice.rows),
    )


def _sign(amount: Decimal) -> Decimal:
    return Decimal((amount > 0) - (amount < 0))
