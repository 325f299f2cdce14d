"""Strategies for invoices: any at all, likely ones, and others of the same kind."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from isaf.types import DateRange, Invoice, Party, Reference, RegisterType, TaxRow
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
contexts = st.builds(
    make.context,
    cash_accounting=st.sampled_from([None, (), (DateRange(date(2020, 1, 1), None),)]),
)


def alike(invoice: Invoice) -> SearchStrategy[Invoice]:
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
