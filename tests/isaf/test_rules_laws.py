"""Laws that hold for any invoice at all."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from imas.kernel.problems import Problem
from isaf import messages, rules
from isaf.rules import tax
from isaf.rules.invoices import OF_THE_KIND, RULES, kind_of
from isaf.rules.parties import RULES as PARTY_RULES
from isaf.rules.parties import SUPPLIER, is_plain_payer
from isaf.types import (
    FileContext,
    Invoice,
    Party,
    SettledInvoice,
    Settlement,
    SettlementKind,
    TaxRow,
)
from tests.isaf import make
from tests.isaf.any_invoice import (
    alike,
    contexts,
    dates,
    invoices,
    likely_invoices,
    money,
    parties,
    texts,
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
def test_rules_of_the_kind_find_something_in_both_of_two_of_a_kind_or_in_neither(
    data: st.DataObject, context: FileContext
) -> None:
    one = data.draw(likely_invoices | invoices)
    other = data.draw(alike(one))
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
