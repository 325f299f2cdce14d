"""The short way of an invoice says and stores what the full way does, or leaves it to that."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imas.kernel.money import ZERO
from isaf import rules
from isaf.building import document
from isaf.judging.rows import RowWriter
from isaf.judging.shortway import short_ways
from isaf.judging.sink import INVOICE_COLUMNS, TAX_ROW_COLUMNS, ChunkRows, StorePlan
from isaf.making import Recipe, made
from isaf.parsing.extracting import Record
from isaf.parsing.lists import Chunk
from isaf.parsing.records import Reading, read
from isaf.parsing.splitting import Splitter
from isaf.types import DateRange, FileContext, Invoice, Reference, RegisterType
from tests.isaf import make
from tests.isaf.any_invoice import alike, contexts, invoices, likely_invoices

_SUMS = {"taxable", "vat", "total", "rate", "amount"}


def _nothing(*_: object) -> Any:
    raise AssertionError("The short way stores nothing itself.")


_PLAN = StorePlan(
    date(2026, 10, 1),
    make.OWN_VAT,
    {type_: 7 + n for n, type_ in enumerate(RegisterType)},
    _nothing,
)


def _chunks(written: list[Invoice]) -> list[Chunk]:
    sold = written[0].register is RegisterType.SALES
    sales, purchases = (written, []) if sold else ([], written)
    file = b"".join(document(make.header(), purchases=purchases, sales=sales))
    return list(Splitter(BytesIO(file)))


def _rows_of(records: list[Record]) -> ChunkRows:
    writer = RowWriter(_PLAN, {})
    for record in records:
        assert isinstance(record, Invoice)
        writer.add_invoice(record, record.party, record.taxable_total, record.vat_total)
    return writer.rows()


def _as_stored(rows: ChunkRows) -> list[list[Any]]:
    return [
        [
            Decimal(value) if column in _SUMS and value != "\\N" else value
            for column, value in zip(columns, line.split("\t"), strict=True)
        ]
        for lines, columns in ((rows.invoices, INVOICE_COLUMNS), (rows.tax_rows, TAX_ROW_COLUMNS))
        for line in sorted(lines.decode().split("\n")[:-1])
    ]


def _told(reading: Reading, context: FileContext) -> list[Any]:
    found: list[Any] = []
    for record in reading.records:
        assert isinstance(record, Invoice)
        found += rules.invoice_problems(record, context)
    return found


def _compare(written: list[Invoice], context: FileContext) -> int:
    """Hold one way to the other; return how many invoices went the short one."""
    way = short_ways(context, _PLAN)[written[0].register]
    taken = 0
    for chunk in _chunks(written):
        full, rest = read(chunk), read(chunk, way)
        assert rest.problems == full.problems
        if full.problems:
            continue
        assert way.rows.records + len(rest.records) == len(full.records)
        assert _told(rest, context) == _told(full, context)
        assert _as_stored(way.rows.before(_rows_of(rest.records))) == _as_stored(
            _rows_of(full.records)
        )
        short = [each for each in full.records if each not in rest.records]
        assert Decimal(way.rows.taxable).scaleb(-2) == sum((_sum(one)[0] for one in short), ZERO)
        assert Decimal(way.rows.vat).scaleb(-2) == sum((_sum(one)[1] for one in short), ZERO)
        taken += way.rows.records
    return taken


def _sum(record: Record) -> tuple[Decimal, Decimal]:
    assert isinstance(record, Invoice)
    return record.taxable_total, record.vat_total


def _since_2016(invoice: Invoice) -> bool:
    days = [invoice.issued, invoice.vat_point, invoice.registered]
    days += [row.vat_point for row in invoice.rows]
    return all(day is None or day >= date(2016, 7, 1) for day in days) and all(
        text.isprintable() for text in (invoice.number, invoice.party.name)
    )


@given(st.data(), contexts)
def test_whatever_the_invoice_it_is_judged_and_stored_alike(
    data: st.DataObject, context: FileContext
) -> None:
    first = data.draw((likely_invoices | invoices).filter(_since_2016))
    other = data.draw(alike(first).filter(_since_2016))
    _compare([first, other, first], context)


_ROW, _NEXT_YEAR = make.row(), date(2027, 1, 1)
_CHANGES: list[dict[str, Any]] = [
    {},
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
    {"party": make.party("", registration_code="304823023")},
    {"party": make.party("ND", registration_code="ND")},
    {"party": make.party("DE136695976", country="DE")},
    {"party": make.party("DE 136695976", country="DE")},
    {"party": make.party("de136695976", country="DE")},
    {"party": make.party("DE136695976", country="DE", name="A & B")},
    {"party": make.party(make.OWN_VAT)},
    {"party": make.party(name="")},
    {"party": make.party(name="UAB „Ąžuolas & Ko“")},
    {"party": make.party(name="tab\tulated")},
    {"party": make.party(party_id="A & B")},
    {"party": make.party("", name="", party_id="K1")},
    {"number": "AĄ-1"},
    {"number": "A\\1"},
    {"rows": (make.row(amount=None),)},
    {"rows": (make.row(amount="21.4"),)},
    {"rows": (make.row("99999999999.99", amount="21000000000.00"),) * 100},
    {"rows": (make.row("-99999999999.99", amount="-21000000000.00"),)},
    {"rows": (make.row("100000000000.00", amount="21000000000.00"),)},
    {"rows": (make.row("9999999999999999.99", amount="2100000000000000.00"),) * 2},
    {"rows": (make.row(taxable="0.5", amount="0.11"), make.row("50", "PVM3", "5", "2.5"))},
]


@pytest.mark.parametrize("cash_accounting", [None, (), (DateRange(date(2020, 1, 1), None),)])
@pytest.mark.parametrize("register", [RegisterType.SALES, RegisterType.PURCHASE])
def test_nobody_is_taken_in_by_an_invoice_like_a_clean_one(
    register: RegisterType, cash_accounting: tuple[DateRange, ...] | None
) -> None:
    context = make.context(cash_accounting=cash_accounting)
    base = replace(make.sale(), register=register)
    taken = 0
    for known in _CHANGES:
        alike_ones = [replace(base, **known | change) for change in _CHANGES]
        taken += _compare([base, *alike_ones], context)
    assert taken or cash_accounting


def test_most_invoices_go_the_short_way() -> None:
    context = make.context()
    for chunk in Splitter(BytesIO(b"".join(made(Recipe(400, 1, taxpayer=make.OWN_CODE))))):
        way = short_ways(context, _PLAN)[
            RegisterType.SALES if chunk.envelope.name == "SalesInvoices" else RegisterType.PURCHASE
        ]
        assert len(read(chunk, way).records) < chunk.records / 3
        assert way.rows.records > chunk.records / 2
