"""What is written is read back the same, and what is made up is in order."""

import io
from dataclasses import replace
from datetime import date
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from isaf.building import document
from isaf.making import TAXPAYER, Recipe, made, vat_code
from isaf.parsing.documents import document_problems, read_header
from isaf.parsing.extracting import Record
from isaf.parsing.records import read
from isaf.parsing.splitting import Splitter
from isaf.types import (
    DataType,
    Header,
    Invoice,
    MasterParty,
    Party,
    PartyKind,
    Reference,
    RegisterType,
    SettledInvoice,
    Settlement,
    SettlementKind,
    TaxRow,
)

T = TypeVar("T")

characters = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"
) | st.sampled_from("\t\n\r&<>]\"'")
days = st.dates(date(2016, 10, 1), date(2100, 1, 1))
amounts = st.decimals(-(10**15), 10**15, places=2)


def text(most: int, least: int = 0) -> st.SearchStrategy[str]:
    return st.text(characters, min_size=least, max_size=most)


countries = st.sampled_from(("", "LT", "ND", "žž", "&<"))
rows = st.builds(
    TaxRow,
    amounts,
    st.sampled_from(("", "PVM1", "PVM999")),
    st.none() | st.decimals(0, 100, places=2),
    st.none() | amounts,
)
references = st.lists(st.builds(Reference, text(70, 1), days), max_size=3).map(tuple)


def parties(least: int) -> st.SearchStrategy[Party]:
    return st.builds(Party, text(70, least), text(35, least), text(35), countries, text(256, least))


def invoices(register: RegisterType) -> st.SearchStrategy[Invoice]:
    sold = register is RegisterType.SALES
    row = st.builds(replace, rows, vat_point=st.none() | days) if sold else rows
    return st.builds(
        Invoice,
        st.just(register),
        st.just(0),
        st.just(0),
        text(70, 1),
        parties(0),
        days,
        st.sampled_from(("", "SF", "DS", "KS", "VS", "VD", "VK", "AN")),
        st.sampled_from(("", "T")),
        references,
        st.none() | days,
        st.none() if sold else st.none() | days,
        st.lists(row, min_size=1, max_size=3).map(tuple),
    )


settlements = st.builds(
    Settlement,
    st.just(0),
    st.just(0),
    st.sampled_from(SettlementKind),
    text(70),
    days,
    parties(0),
    st.lists(
        st.builds(SettledInvoice, text(70, 1), days, amounts, amounts), min_size=1, max_size=3
    ).map(tuple),
)
headers = st.builds(
    Header,
    st.just("iSAF1.2"),
    st.just("2026-01-01T00:00:00Z"),
    st.sampled_from(DataType),
    text(256),
    text(256),
    text(24),
    st.integers(0, 10**11 - 1).map(str),
    st.none() | st.integers(0, 2**32 - 1),
    st.from_regex("[A-Z0-9_]{1,20}", fullmatch=True),
    days,
    days,
)


def masters(kind: PartyKind) -> st.SearchStrategy[list[MasterParty]]:
    return st.lists(
        st.builds(MasterParty, st.just(kind), st.just(0), st.just(0), parties(1)), max_size=3
    )


def numbered(records: list[T]) -> list[T]:
    return [replace(record, position=index) for index, record in enumerate(records)]  # type: ignore[type-var]


def several(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[list[T]]:
    return st.lists(strategy, max_size=3).map(numbered)


Content = tuple[
    list[MasterParty], list[MasterParty], list[Invoice], list[Invoice], list[Settlement]
]
contents: st.SearchStrategy[Content] = st.tuples(
    masters(PartyKind.CUSTOMER).map(numbered),
    masters(PartyKind.SUPPLIER).map(numbered),
    several(invoices(RegisterType.PURCHASE)),
    several(invoices(RegisterType.SALES)),
    several(settlements),
)


def read_back(data: bytes) -> tuple[Header | None, list[Record]]:
    splitter = Splitter(io.BytesIO(data))
    readings = [read(chunk) for chunk in splitter]
    assert [problem for reading in readings for problem in reading.problems] == []
    assert document_problems(splitter) == []
    header, problems = read_header(splitter.skeleton)
    assert problems == []
    return header, [replace(record, line=0) for reading in readings for record in reading.records]


@settings(max_examples=150, deadline=None)
@given(headers, contents, st.sampled_from(("", "  ", "\t")))
def test_what_is_written_is_read_back(header: Header, content: Content, indent: str) -> None:
    customers, suppliers, purchases, sales, paid = content
    written = document(
        header,
        masters=(customers, suppliers),
        purchases=purchases,
        sales=sales,
        settlements=paid,
        indent=indent,
    )
    expected = [*customers, *suppliers, *purchases, *sales, *paid]
    assert read_back(b"".join(written)) == (header, expected)


def test_a_file_without_records_is_a_header_alone() -> None:
    header = Header(
        "iSAF1.2",
        "2026-01-01T00:00:00",
        DataType.FULL,
        "",
        "",
        "",
        TAXPAYER,
        1,
        "1",
        date(2026, 10, 1),
        date(2026, 10, 31),
    )
    data = b"".join(document(header))
    assert b"MasterFiles" not in data
    assert b"SourceDocuments" not in data
    assert read_back(data) == (header, [])


def test_the_same_seed_makes_the_same_file() -> None:
    once, again, other = (b"".join(made(Recipe(50, seed))) for seed in (1, 1, 2))
    assert once == again != other


def test_made_up_files_hold_what_was_asked_for() -> None:
    _, records = read_back(b"".join(made(Recipe(50, 1))))
    registers = [record.register for record in records if isinstance(record, Invoice)]
    assert registers == [RegisterType.PURCHASE] * 10 + [RegisterType.SALES] * 40
    assert vat_code(1).startswith("LT")
