"""Laws of reading: our verdict is the schema's, whatever is done to a file."""

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from imas.kernel import xml
from imas.kernel.problems import Problem
from isaf.building import document
from isaf.parsing.broken import BrokenDocumentError
from isaf.parsing.documents import document_problems, read_header
from isaf.parsing.extracting import Record
from isaf.parsing.lists import LISTS
from isaf.parsing.model import XSD, Node, root
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


def ours(
    data: bytes, *, block: int = 2**20, chunk: int = 2**20
) -> tuple[list[Record], list[Problem]]:
    """Read a document as the pipeline does, in one process."""
    records: list[Record] = []
    problems: list[Problem] = []
    splitter = Splitter(io.BytesIO(data), block=block, chunk=chunk)
    try:
        for part in splitter:
            reading = read(part)
            records += reading.records
            problems += reading.problems
        problems += read_header(splitter.skeleton)[1]
        problems += document_problems(splitter)
    except BrokenDocumentError as error:
        problems.append(error.problem)
    return records, problems


def schemas_lines(data: bytes) -> list[int]:
    """Return the lines of the faults libxml2 finds in the whole document at once."""
    try:
        whole = xml.parse_part(data)
    except etree.XMLSyntaxError as error:
        return [error.position[0]]
    schema = xml.schema(XSD)
    return [] if schema.validate(whole) else sorted(entry.line for entry in schema.error_log)


def lines_of(problems: list[Problem]) -> list[int]:
    return sorted(problem.place.line or 0 for problem in problems)


def whole_file(indent: str = "  ") -> bytes:
    """Every element of the schema at least once, in several records."""
    invoices = list(_invoices(RegisterType.SALES)), list(_invoices(RegisterType.PURCHASE))
    masters = [
        [
            MasterParty(
                kind, index, 0, Party(f"{index}", "LT119511515", "119511515", "LT", "UAB „Ž“ & <B>")
            )
            for index in range(2)
        ]
        for kind in PartyKind
    ]
    settlement = Settlement(
        0,
        0,
        SettlementKind.PAID,
        "M 1",
        date(2026, 10, 3),
        Party("9", "ND", "1", "", "ND"),
        (SettledInvoice("A1", date(2026, 9, 1), Decimal("1.00"), Decimal("0.21")),) * 2,
    )
    return b"".join(
        document(
            HEADER,
            masters=(masters[0], masters[1]),
            sales=invoices[0],
            purchases=invoices[1],
            settlements=[settlement, settlement],
            indent=indent,
        )
    )


HEADER = Header(
    version="iSAF1.2",
    created="2026-11-05T10:00:00",
    data_type=DataType.FULL,
    software_company="A",
    software_name="B",
    software_version="1",
    registration_number="304823023",
    number_of_parts=None,
    part_number="1",
    start=date(2026, 10, 1),
    end=date(2026, 10, 31),
)


def _invoices(register: RegisterType) -> Iterator[Invoice]:
    sold = register is RegisterType.SALES
    for position in range(3):
        yield Invoice(
            register=register,
            position=position,
            line=0,
            number=f"A {position}",
            party=Party("7", "LT119511515", "", "", 'UAB "A & B"'),
            issued=date(2026, 10, 2),
            type="KS",
            special="T",
            references=(Reference("A0", date(2026, 9, 1)),) * position,
            vat_point=None,
            registered=None if sold else date(2026, 10, 5),
            rows=(TaxRow(Decimal("-10.50"), "PVM1", Decimal(21), None),) * (position + 1),
        )


WHOLE = whole_file()
MINIFIED = whole_file("")

NEW_VALUES = (
    b"",
    b" ",
    b"100,00",
    b"1e3",
    b"100.123",
    b"100.100",
    b"+1",
    b" 1 ",
    b"-1",
    b"1 000.00",
    b"-.5",
    b"5.",
    b".",
    b"2026-10-05",
    b"2026-10-05Z",
    b"2026-02-30",
    b"1999-01-01",
    b"2100-01-02",
    b"12026-01-01",
    b"0000-01-01",
    b"2016-06-30",
    b"SF",
    b"XX",
    b"T",
    b"PVM999",
    b"PVM",
    b"pvm1",
    b"PVM1234",
    b"LT",
    b"L",
    b"LTU",
    b"x" * 71,
    b"x" * 36,
    b"x" * 257,
    "ž".encode() * 70,
    b"&amp;" * 70,
    b"&amp;" * 71,
    b"&#65;",
    b"&#1;",
    b"&foo;",
    b"a & b",
    b"]]>",
    b"<!-- c -->",
    b"<![CDATA[<Invoice>]]>",
    b"<?pi </Invoice> ?>",
    b"\x01",
    b"\xff",
    b"<a/>",
    b"1<!-- -->2",
    b"G",
    b"iSAF1.2",
    b"<!-- -- -->",
    b"99999999999999999999",
    b"\r\n",
    b"\xc2\xa0",
    "\ufffe".encode(),
    b"0",
    b"00012",
    b"12.345",
    b"1000.00",
    b"999.99",
    "１２".encode(),
    "2026-10-0５".encode(),
)
NEW_TAGS = (
    b"",
    b"<x/>",
    b"</Invoice>",
    b"<Invoice>",
    b"</SalesInvoices>",
    b"<SalesInvoices>",
    b"<Customers/>",
    b"<!-- </Invoice> -->",
    b"<Country xsi:nil='1'/>",
    b"<Country xsi:nil='true'></Country>",
    b"<Country xsi:nil='true'>LT</Country>",
    b"<Country xsi:nil='false'/>",
    b"<Name a='1'>x</Name>",
    b"<Name/>",
    b"<References />",
    b"<References></References>",
    b"<VATPointDate2 xsi:nil='true'/>",
    b"<RegistrationAccountDate xsi:nil='true'/>",
    b"<Amount></Amount>",
    b"<Invoice xmlns:q='u' >",
    b"<SalesInvoices xsi:schemaLocation='a file:///etc/passwd'>",
    b"</Invoice >",
    b"<Invoice\n>",
    b"<Amount xsi:type='x'>1</Amount>",
    b"text",
    b"&amp;",
    b"<!DOCTYPE a>",
    b"<?xml version='1.0'?>",
    b"<Invoice xmlns=''>",
    b"<MasterFiles>",
    b"<Header/>",
)

Mutation = tuple[str, int, int]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Change a valid file in one to three places."""
    data = draw(st.sampled_from((WHOLE, MINIFIED)))
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(("value", "cut", "drop", "tag", "swap", "repeat", "insert")))
        if kind == "cut":
            data = data[: draw(st.integers(0, len(data)))]
        elif kind == "value":
            data = _with_another_value(draw, data)
        else:
            data = _with_other_tags(draw, data, kind)
    return data


def _with_another_value(draw: st.DrawFn, data: bytes) -> bytes:
    values = [match.span(1) for match in re.finditer(rb">([^<\n]+)</", data)]
    if not values:
        return data
    start, end = draw(st.sampled_from(values))
    return data[:start] + draw(st.sampled_from(NEW_VALUES)) + data[end:]


def _with_other_tags(draw: st.DrawFn, data: bytes, kind: str) -> bytes:
    tags = [match.span() for match in re.finditer(rb"<[^>]+>", data)]
    if len(tags) < 4:
        return data
    index = draw(st.integers(0, len(tags) - 4))
    start, end = tags[index]
    after, later = tags[index + 1][1], tags[index + 3][1]
    new = draw(st.sampled_from(NEW_TAGS))
    changed = {
        "drop": data[:start] + data[after:],
        "tag": data[:start] + new + data[end:],
        "insert": data[:end] + new + data[end:],
        "repeat": data[:after] + data[start:],
        "swap": data[:start] + data[after:later] + data[start:after] + data[later:],
    }
    return changed[kind]


def _has_another_line(problem: Problem) -> bool:
    """Text between records: libxml2 names the line of their list, we the line of the text."""
    return problem.code in {"11005", "11010"} or (
        problem.reason == "stray-text" and problem.params["element"] in LISTS
    )


def _is_xml(data: bytes) -> bool:
    try:
        xml.parse_part(data)
    except etree.XMLSyntaxError:
        return False
    return True


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_the_verdict_and_the_first_line_are_the_schemas(data: bytes) -> None:
    lines = schemas_lines(data)
    _, problems = ours(data)
    if b"<!DOCTYPE" in data and problems and problems[0].reason == "doctype":
        return
    assert bool(problems) == bool(lines)
    if lines and _is_xml(data) and not any(map(_has_another_line, problems)):
        assert lines_of(problems)[0] == lines[0]


@settings(max_examples=300, deadline=None)
@given(mutated(), st.sampled_from((1, 7, 64, 300)), st.sampled_from((100, 700, 2500)))
def test_the_verdict_does_not_depend_on_where_the_file_is_cut(
    data: bytes, block: int, chunk: int
) -> None:
    records, problems = ours(data)
    cut_records, cut_problems = ours(data, block=block, chunk=chunk)
    assert bool(cut_problems) == bool(problems)
    if not problems:
        assert cut_records == records


def test_the_file_under_test_is_valid_and_holds_every_element() -> None:
    names = set(re.findall(rb"<([A-Za-z0-9]+)", WHOLE))
    assert schemas_lines(WHOLE) == schemas_lines(MINIFIED) == []
    assert {name.decode() for name in names} == set(_names(root()))


def _names(node: Node) -> Iterator[str]:
    yield node.name
    for child in node.children:
        yield from _names(child)
